import type http from 'node:http';

// An import of node:http as an ES module reads all of its exports; one of them loads what `fetch` consists of, 60 ms of the start.
export const { createServer, IncomingMessage, ServerResponse, STATUS_CODES } =
  process.getBuiltinModule('node:http');

export type IncomingMessage = http.IncomingMessage;
export type ServerResponse<Request extends IncomingMessage = IncomingMessage> =
  http.ServerResponse<Request>;
