import * as Plot from '@observablehq/plot';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface DrawnPlot {
  svg: SVGElement & Plot.Plot;
  width: number;
}

/** How the plots of a row share it, in pixels. */
export interface PlotProps {
  /** What the picture shows, for those who do not see it. */
  label: string;
  height: number;
  /** Of the picture and of nothing else: it is drawn again when this changes. */
  options: Plot.PlotOptions;
  maxWidth?: number;
  onDrawn?(drawn: DrawnPlot): void;
}

/** Draws when it comes into sight, and again when its width changes. */
export function PlotView({ label, height, options, maxWidth, onDrawn }: PlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host);
  const seen = useSeen(host);
  useLayoutEffect(() => {
    if (!host.current || width === 0 || !seen) return;
    const drawn = draw({ ...options, width: Math.min(width, maxWidth ?? width), height }, label);
    host.current.replaceChildren(drawn.svg);
    onDrawn?.(drawn);
  }, [options, label, width, seen]);
  return <div ref={host} class="plot-host" style={{ minHeight: `${height}px` }} />;
}

function draw(options: Plot.PlotOptions & { width: number }, label: string): DrawnPlot {
  const svg = Plot.plot({ className: 'plot', ...options, figure: false }) as SVGElement & Plot.Plot;
  // Its rules stand in our own style sheet: the page's policy admits no style element without a nonce.
  for (const style of svg.querySelectorAll('style')) style.remove();
  // It is one picture with one name.
  for (const part of svg.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
  for (const part of svg.children) part.setAttribute('aria-hidden', 'true');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  return { svg, width: options.width };
}

function useWidth(host: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (!host.current) return undefined;
    setWidth(host.current.clientWidth);
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(host.current);
    return () => observer.disconnect();
  }, [host]);
  return width;
}

function useSeen(host: { current: HTMLElement | null }): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (seen || !host.current) return undefined;
    const observer = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && setSeen(true),
      { rootMargin: '200px' },
    );
    observer.observe(host.current);
    return () => observer.disconnect();
  }, [host, seen]);
  return seen;
}
