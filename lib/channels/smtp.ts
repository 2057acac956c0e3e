import { createTransport } from 'nodemailer';
import { type Notice, Undelivered } from './channel';
import { plainText } from './plainText';

export interface MailSettings {
  /** smtps://user:password@host:465, or smtp:// */
  url: string;
  from: string;
  to: string[];
}

/** Mail by a server of yours. A repeat has the same Message-ID. @param timeoutMs of each step */
export const smtp = ({ url, from, to }: MailSettings, timeoutMs: number) => {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 5,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.replace(/^.*@|>.*$/g, '');
  return {
    send: async (notice: Notice): Promise<string> => {
      const sent = await transport
        .sendMail({
          from,
          to,
          subject: notice.title,
          text: plainText(notice),
          messageId: `<${notice.id}@${domain}>`,
          ...(notice.severity === 'critical' && { priority: 'high' as const }),
        })
        .catch((error) => {
          throw new Undelivered(`SMTP: ${error.responseCode ?? error.code ?? error.name}`);
        });
      return sent.response.slice(0, 200);
    },
    close: () => transport.close(),
  };
};
