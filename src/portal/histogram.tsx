import type { LagStatistics } from '../disclosure/statistics.queries';
import { amount } from './shown-notice';
import { useView } from './view';

/** Days `from` to `to`, both included, and how many notices took so long. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly notices: number;
  /** Every day of it is over the limit. */
  readonly over: boolean;
}

const MAX_BINS = 24;
const NICE_WIDTHS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** At most 24 bins of equal width, cut so that the limit falls between two of them wherever its width divides it. */
export function binsOf({ histogram, max = 0, limitDays }: LagStatistics): Bin[] {
  const width = NICE_WIDTHS.find((w) => max / w < MAX_BINS) ?? Math.ceil((max + 1) / MAX_BINS);
  const bins = Array.from({ length: Math.ceil(Math.max(max, 1) / width) }, (_, i) => {
    // Days 1 to width in the first bin, together with the decisions published on their own day.
    const from = i === 0 ? 0 : i * width + 1;
    return { from, to: (i + 1) * width, notices: 0, over: from > limitDays };
  });
  for (const { lagDays, notices } of histogram) bins[Math.max(0, Math.ceil(lagDays / width) - 1)].notices += notices;
  return bins;
}

const WIDTH = 720;
const HEIGHT = 260;
const LEFT = 64;
const RIGHT = 24;
const BOTTOM = 34;
const TOP = 14;

/** How long publication took, as a drawing; the table beside it has the same figures. */
export function Histogram({ statistics, bins }: { statistics: LagStatistics; bins: readonly Bin[] }) {
  const { t } = useView();
  const { notices, min = 0, median = 0, max = 0, overLimit, limitDays } = statistics;
  const top = niceTop(Math.max(...bins.map((b) => b.notices), 1));
  const step = (WIDTH - LEFT - RIGHT) / bins.length;
  const y = (n: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - n / top);
  // A bar of one day has its day under it; of a wider one the label marks the end.
  const label = bins.length > 1 && bins[1].from === bins[1].to ? 0.5 : 1;
  const everyNth = Math.ceil(bins.length / 12);
  return (
    <svg
      className="histogram"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-labelledby="histogram-title histogram-desc"
    >
      <title id="histogram-title">{t('statistics.histogram')}</title>
      <desc id="histogram-desc">
        {t('statistics.histogram.desc', amount(notices), min, median, max, amount(overLimit), limitDays)}
      </desc>
      {[0, top / 2, top].map((n) => (
        <g key={n}>
          <line className="grid" x1={LEFT} x2={WIDTH - RIGHT} y1={y(n)} y2={y(n)} />
          <text x={LEFT - 8} y={y(n) + 4} textAnchor="end">
            {amount(n)}
          </text>
        </g>
      ))}
      {bins.map((bin, i) => (
        <g key={bin.from}>
          <rect
            className={bin.over ? 'over' : 'within'}
            x={LEFT + i * step + 1}
            width={Math.max(step - 2, 1)}
            y={y(bin.notices)}
            height={y(0) - y(bin.notices)}
          >
            <title>{`${bin.from}–${bin.to}: ${bin.notices}`}</title>
          </rect>
          {i % everyNth === 0 && (
            <text x={LEFT + (i + label) * step} y={HEIGHT - 14} textAnchor="middle">
              {bin.to}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}

/** The next round number, halves of which are whole. */
function niceTop(most: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 6, 8, 10].map((f) => f * magnitude).find((n) => n >= most && n >= 2) ?? 10 * magnitude;
}
