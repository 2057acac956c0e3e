import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { type Notice, Undelivered } from './channel';
import { plainText } from './plainText';

/** A subject of SNS: ASCII, and at most 100 characters. */
const subjectOf = (title: string) => title.replace(/[^\x20-\x7e]/g, '?').slice(0, 100);

const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });

/** A topic of SNS. */
export const sns =
  (client: SNSClient, topicArn: string) =>
  async (notice: Notice): Promise<string> => {
    const command = new PublishCommand({
      TopicArn: topicArn,
      Subject: subjectOf(notice.title),
      Message: plainText(notice),
      MessageAttributes: {
        id: attribute(notice.id),
        kind: attribute(notice.kind),
        severity: attribute(notice.severity),
      },
    });
    const answer = await client.send(command).catch((error) => {
      throw new Undelivered(`SNS: ${error.name}`);
    });
    return `message ${answer.MessageId}`;
  };
