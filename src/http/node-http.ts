import type http from 'node:http';

// An import of node:http as an ES module reads all of its exports. One of them loads the implementation of `fetch`, which takes
// several times as long as the rest of node:http.
export const { createServer, IncomingMessage, ServerResponse, STATUS_CODES } =
  process.getBuiltinModule('node:http');

export type IncomingMessage = http.IncomingMessage;
export type ServerResponse<Request extends IncomingMessage = IncomingMessage> =
  http.ServerResponse<Request>;
