import * as echarts from 'echarts';

type Row = Record<string, number>;

const panel = (title: string, names: [string, string], xs: string, ys: string[], rows: Row[]) => ({
  title,
  names,
  series: ys.map((name) => ({ name, points: rows.map((row) => [row[xs], row[name]]) })),
});

/** Two panels in one SVG: what growth costs, and lateness at a minute boundary. */
export const plot = (growth: Row[], boundary: Row[]): string => {
  const panels = [
    panel(
      'Milliseconds by number of schedules',
      ['schedules', 'ms'],
      'schedules',
      ['run ms', 'POST ms', 'list page ms', 'clock tick ms'],
      growth,
    ),
    panel(
      'Seconds from the due time to the result',
      ['models', 's'],
      'models',
      ['recorded p50', 'recorded p99', 'recorded max'],
      boundary,
    ),
  ];
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 1000, height: 420 });
  chart.setOption({
    animation: false,
    backgroundColor: '#fff',
    title: panels.map(({ title }, n) => ({
      text: title,
      left: `${n * 50 + 4}%`,
      textStyle: { fontSize: 14 },
    })),
    legend: panels.map(({ series }, n) => ({
      data: series.map(({ name }) => name),
      left: `${n * 50 + 4}%`,
      top: 34,
    })),
    grid: panels.map((_, n) => ({ left: `${n * 50 + 6}%`, width: '40%', top: 80, bottom: 50 })),
    xAxis: panels.map(({ names }, n) => ({
      type: 'log',
      name: names[0],
      nameLocation: 'middle',
      nameGap: 28,
      gridIndex: n,
    })),
    yAxis: panels.map(({ names }, n) => ({ type: 'log', name: names[1], gridIndex: n })),
    series: panels.flatMap(({ series }, n) =>
      series.map(({ name, points }) => ({ type: 'line', name, data: points, xAxisIndex: n, yAxisIndex: n })),
    ),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
};
