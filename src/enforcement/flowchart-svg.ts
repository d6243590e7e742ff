import type { Flowchart } from './flowchart';

const WIDTH = 720;
const STAGE_HEIGHT = 44;
const LINE_HEIGHT = 22;
const GAP = 28;
const MARGIN = 20;

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);

/**
 * The flowchart as an SVG picture that reads aloud: a title and a description, one labelled group a stage, real text. The seven
 * elements stand in the page beside it; the picture shows the way through.
 */
export function flowchartSvg(chart: Flowchart, language: 'zh' | 'en' = 'zh'): string {
  let y = MARGIN;
  const parts = chart.stages.map((stage, i) => {
    const height = STAGE_HEIGHT + stage.nodes.length * LINE_HEIGHT;
    const top = y;
    y += height + GAP;
    const lines = stage.nodes.map((node, n) => {
      const text = escape(`${node[language]}（${node.post[language]}；${node.limits[0][language]}）`);
      return `<text x="${MARGIN + 16}" y="${top + STAGE_HEIGHT + n * LINE_HEIGHT + 4}" font-size="14">${text}</text>`;
    });
    const arrow =
      i === 0
        ? ''
        : `<path d="M${WIDTH / 2} ${top - GAP} V${top - 6} m-5 -6 l5 6 l5 -6" fill="none" stroke="currentColor" aria-hidden="true"/>`;
    return [
      arrow,
      `<g role="group" aria-label="${escape(stage[language])}">`,
      `<rect x="${MARGIN}" y="${top}" width="${WIDTH - 2 * MARGIN}" height="${height}" rx="6" fill="none" stroke="currentColor"/>`,
      `<text x="${MARGIN + 16}" y="${top + 26}" font-size="17" font-weight="bold">${escape(stage[language])}</text>`,
      ...lines,
      '</g>',
    ].join('');
  });
  const height = y - GAP + MARGIN;
  const description = escape(`${chart.basis} · ${chart.on}`);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="flow-title flow-desc">` +
    `<title id="flow-title">${escape(chart[language])}</title><desc id="flow-desc">${description}</desc>` +
    `<g fill="currentColor">${parts.join('')}</g></svg>`
  );
}
