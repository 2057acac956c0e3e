import { parse } from 'csv-parse/sync';
import { clientModule } from './clientModule';

const { joinCsv } = clientModule<{
  joinCsv: (pages: string[], wanted?: (cellOf: (column: string) => string) => boolean) => string;
}>('csv');

test('pages become one table, each value under its name, though a page lacks a column', () => {
  const pages = ['id,m.a,m.b\r\n1,0.5,0.6\r\n2,,0.7\r\n', 'id,m.b,m.c\r\n3,0.8,x\r\n'];
  expect(joinCsv(pages)).toBe('id,m.a,m.b,m.c\r\n1,0.5,0.6,\r\n2,,0.7,\r\n3,,0.8,x\r\n');
});

test('a text with commas, quotes and line breaks stays as it was', () => {
  const text = 'a "quoted", text\r\nof two lines';
  const page = `id,error\r\n1,"${text.replaceAll('"', '""')}"\r\n`;
  expect(parse(joinCsv([page, page]), { columns: true })).toEqual([
    { id: '1', error: text },
    { id: '1', error: text },
  ]);
});

test('only rows that are wanted are kept, and a table without rows has its header', () => {
  const page = 'id,at\r\n1,2026-01-01\r\n2,2026-02-01\r\n';
  expect(joinCsv([page], (cellOf) => cellOf('at') >= '2026-01-15')).toBe('id,at\r\n2,2026-02-01\r\n');
  expect(joinCsv(['id,at\r\n'])).toBe('id,at\r\n');
});
