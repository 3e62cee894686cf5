import { CONNECTIONS } from './plan.ts';
import { figureOf, type Results } from './results.ts';
import { BASIC, type WorkName, works } from './works.ts';

const WIDTH = 790;
const LABELS = 220;
const VALUES = 120;
const ROW = 20;
const GROUP = 40;
/** Bars that are longer than this multiple of the service's longest are cut off; otherwise the others could not be compared. */
const LONGEST = 2.5;

interface Bar {
  readonly title: string;
  readonly own: boolean;
  readonly server: number;
  readonly database: number;
}

/** Draws the CPU time per request of the servers and of PostgreSQL as an SVG image for light and dark pages. */
export function chartOf(results: Results): string {
  const groups = BASIC.map((work) => ({ title: works[work].title, bars: barsOf(results, work) }));
  const total = ({ server, database }: Bar) => server + database;
  const ownTotals = groups.flatMap(({ bars }) => bars.filter(({ own }) => own).map(total));
  const scale = (WIDTH - LABELS - VALUES) / (Math.max(...ownTotals) * LONGEST);

  const lines: string[] = [];
  let y = 24;
  for (const { title, bars } of groups) {
    lines.push(text(0, y + 26, title, 'title'));
    y += GROUP;
    for (const bar of bars) {
      lines.push(...row(bar, y, scale));
      y += ROW;
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y + 10}" viewBox="0 0 ${WIDTH} ${y + 10}" role="img">
<title>CPU time per request of this service and of other servers</title>
<style>
  text { font: 13px system-ui, sans-serif; fill: #24292f; dominant-baseline: middle; }
  .title { font-weight: 600; }
  .server { fill: #8c959f; }
  .own .server { fill: #0969da; }
  .database { opacity: 0.45; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .server { fill: #7d8590; }
    .own .server { fill: #2f81f7; }
  }
</style>
${text(0, 14, `CPU time per request in µs, ${CONNECTIONS} connections: server, and PostgreSQL in the lighter colour. Less is better.`)}
${lines.join('\n')}
</svg>
`;
}

function barsOf({ samples, servers }: Results, work: WorkName): Bar[] {
  return [...servers].flatMap(([server, { title }]) => {
    const of = { server, work, connections: CONNECTIONS };
    const own = figureOf(samples, of, 'serverCpu')?.median;
    const database = figureOf(samples, of, 'databaseCpu')?.median;
    if (own === undefined || database === undefined) return [];
    return [{ title, own: server === 'service', server: own, database }];
  });
}

function row({ title, own, server, database }: Bar, y: number, scale: number): string[] {
  const room = WIDTH - LABELS - VALUES;
  const first = Math.min(server * scale, room);
  const second = Math.min(database * scale, room - first);
  const isCut = (server + database) * scale > room;
  const values = `${isCut ? '→ ' : ''}${server.toFixed(0)} + ${database.toFixed(0)}`;
  const rect = (x: number, width: number, name: string) =>
    `<rect class="${name}" x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 5}"/>`;
  return [
    `<g${own ? ' class="own"' : ''}>`,
    text(0, y + 8, title),
    rect(LABELS, first, 'server'),
    rect(LABELS + first, second, 'server database'),
    text(LABELS + first + second + 6, y + 8, values),
    '</g>',
  ];
}

function text(x: number, y: number, content: string, name?: string): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text${name === undefined ? '' : ` class="${name}"`} x="${x.toFixed(1)}" y="${y}">${escaped}</text>`;
}
