import { createHash } from 'node:crypto';
import uPlot from 'uplot/dist/uPlot.iife.min.js' with { type: 'text' };
import uPlotStyle from 'uplot/dist/uPlot.min.css' with { type: 'text' };
import actions from './actions.client.js';
import alertMarks from './alertMarks.client.js';
import alerts from './alerts.client.js';
import api from './api.client.js';
import axes from './axes.client.js';
import baseStyle from './base.css';
import chart from './chart.client.js';
import choice from './choice.client.js';
import columns from './columns.client.js';
import controlsStyle from './controls.css';
import csv from './csv.client.js';
import csvButton from './csvButton.client.js';
import curl from './curl.client.js';
import dom from './dom.client.js';
import downsample from './downsample.client.js';
import duePreview from './duePreview.client.js';
import facts from './facts.client.js';
import field from './field.client.js';
import filters from './filters.client.js';
import form from './form.client.js';
import format from './format.client.js';
import history from './history.client.js';
import icon from './icon.svg';
import live from './live.client.js';
import main from './main.client.js';
import marks from './marks.client.js';
import matrix from './matrix.client.js';
import metricFields from './metricFields.client.js';
import metrics from './metrics.client.js';
import metricsTable from './metricsTable.client.js';
import model from './model.client.js';
import modelStyle from './model.css';
import overview from './overview.client.js';
import overviewStyle from './overview.css';
import page from './page.html';
import pages from './pages.client.js';
import plots from './plots.client.js';
import printStyle from './print.css';
import range from './range.client.js';
import report from './report.client.js';
import reportStyle from './report.css';
import rows from './rows.client.js';
import ruleFields from './ruleFields.client.js';
import ruleForm from './ruleForm.client.js';
import rulesPanel from './rulesPanel.client.js';
import rulesTable from './rulesTable.client.js';
import runs from './runs.client.js';
import scheduleForm from './scheduleForm.client.js';
import schedulePanel from './schedulePanel.client.js';
import segments from './segments.client.js';
import sparkline from './sparkline.client.js';
import status from './status.client.js';
import tableStyle from './table.css';

/** What the page loads, by name. */
const files: Record<string, string> = {
  'alerts.client.js': alerts,
  'api.client.js': api,
  'ruleFields.client.js': ruleFields,
  'ruleForm.client.js': ruleForm,
  'rulesPanel.client.js': rulesPanel,
  'rulesTable.client.js': rulesTable,
  'segments.client.js': segments,
  'base.css': baseStyle,
  'controls.css': controlsStyle,
  'overview.css': overviewStyle,
  'print.css': printStyle,
  'report.css': reportStyle,
  'table.css': tableStyle,
  'axes.client.js': axes,
  'chart.client.js': chart,
  'choice.client.js': choice,
  'dom.client.js': dom,
  'duePreview.client.js': duePreview,
  'facts.client.js': facts,
  'format.client.js': format,
  'icon.svg': icon,
  'live.client.js': live,
  'main.client.js': main,
  'marks.client.js': marks,
  'model.css': modelStyle,
  'model.client.js': model,
  'overview.client.js': overview,
  'sparkline.client.js': sparkline,
  'schedulePanel.client.js': schedulePanel,
  'report.client.js': report,
  'plots.client.js': plots,
  'metricsTable.client.js': metricsTable,
  'metrics.client.js': metrics,
  'metricFields.client.js': metricFields,
  'matrix.client.js': matrix,
  'field.client.js': field,
  'form.client.js': form,
  'actions.client.js': actions,
  'rows.client.js': rows,
  'runs.client.js': runs,
  'scheduleForm.client.js': scheduleForm,
  'alertMarks.client.js': alertMarks,
  'csv.client.js': csv,
  'csvButton.client.js': csvButton,
  'downsample.client.js': downsample,
  'history.client.js': history,
  'range.client.js': range,
  'columns.client.js': columns,
  'curl.client.js': curl,
  'filters.client.js': filters,
  'pages.client.js': pages,
  'status.client.js': status,
  'uPlot.iife.min.js': uPlot,
  'uPlot.min.css': uPlotStyle,
};

const digest = (...texts: string[]) => {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text);
  return hash.digest('base64url').slice(0, 16);
};

/** In the path of every file, so that a browser may keep each for ever and never mixes two versions. */
export const version = digest(page, ...Object.values(files));

const types: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

const asset = (name: string, text: string) => ({
  type: types[name.split('.').at(-1) as string] as string,
  text,
  etag: `"${digest(text)}"`,
});

export type Asset = ReturnType<typeof asset>;

export const pageAsset = asset('page.html', page.replaceAll('{version}', version));

export const assets = new Map(Object.entries(files).map(([name, text]) => [name, asset(name, text)]));
