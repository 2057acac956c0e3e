import type { Notice } from './channel';
import type { Poster } from './post';

/** As Slack wants it: https://api.slack.com/reference/surfaces/formatting#escaping */
const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });

const signs = { firing: ':red_circle:', resolved: ':large_green_circle:', test: ':bell:' };

export const slackPayload = ({ kind, title, lines, url, id }: Notice) => ({
  text: title,
  blocks: [
    section(`${signs[kind]} *${escaped(title)}*`),
    section(lines.map(([name, value]) => `*${escaped(name)}*  ${escaped(value)}`).join('\n')),
    ...(url ? [section(`<${url}|Open the model>`)] : []),
    { type: 'context', elements: [{ type: 'mrkdwn', text: escaped(id) }] },
  ],
});

/** A Slack incoming webhook. */
export const slack =
  (poster: Poster) =>
  async (notice: Notice): Promise<string> =>
    `answered ${await poster.post(JSON.stringify(slackPayload(notice)), { 'content-type': 'application/json' })}`;
