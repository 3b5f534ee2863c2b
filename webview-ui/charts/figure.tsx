import type { ComponentChildren } from 'preact';
import { Boundary } from '../boundary';
import { unbroken } from '../format';
import type { Series } from './series';

/** A chart with all that belongs to it: heading, choices, picture, legend, what it says in a sentence, and its numbers. */
export function Chart(props: {
  title: string;
  controls?: ComponentChildren;
  summary: string[];
  legend?: Series[];
  /** Over the whole width of the page. */
  wide?: boolean;
  table: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <figure class={props.wide ? 'chart wide' : 'chart'}>
      <figcaption>
        <h3>{props.title}</h3>
        {props.controls}
      </figcaption>
      <Boundary what={props.title}>{props.children}</Boundary>
      {props.legend && props.legend.length > 0 && <Legend series={props.legend} />}
      {props.summary.map((sentence) => (
        <p key={sentence} class="summary">
          <bdi>{unbroken(sentence)}</bdi>
        </p>
      ))}
      {props.table}
    </figure>
  );
}

const shapes: Record<Series['symbol'], string> = {
  square: 'M-3.5,-3.5h7v7h-7Z',
  circle: 'M4,0A4,4,0,1,1,-4,0A4,4,0,1,1,4,0',
  triangle: 'M0,-4.5L4.5,3.5H-4.5Z',
  diamond: 'M0,-5L3.5,0L0,5L-3.5,0Z',
  star: 'M0,-5L1.2,-1.6H4.8L1.9,0.6L2.9,4L0,2L-2.9,4L-1.9,0.6L-4.8,-1.6H-1.2Z',
  wye: 'M-1.5,5V1L-5,-2L-3,-4.5L0,-2L3,-4.5L5,-2L1.5,1V5Z',
};

function Legend({ series }: { series: Series[] }) {
  return (
    <ul class="legend">
      {series.map(({ arn, label, colour, dash, symbol }) => (
        <li key={arn}>
          <svg width="34" height="12" aria-hidden="true">
            <line
              x1="0"
              x2="34"
              y1="6"
              y2="6"
              style={{ stroke: colour }}
              stroke-width="2"
              stroke-dasharray={dash}
            />
            <path d={shapes[symbol]} transform="translate(17,6)" style={{ fill: colour }} />
          </svg>
          <bdi>{label}</bdi>
        </li>
      ))}
    </ul>
  );
}
