import * as z from 'zod';
import { must } from '../runtime/must';

const uuid = /^(urn:uuid:)?([0-9a-f]{8})(-?)([0-9a-f]{4})\3([0-9a-f]{4})\3([0-9a-f]{4})\3([0-9a-f]{12})$/i;

/** As PostgreSQL and the schedule's name have it. */
const usual = (text: string) => text.replace(uuid, '$2-$4-$5-$6-$7').toLowerCase();

/** A UUID in any case, with its hyphens or without, also as a URN (RFC 9562); read in the usual form. */
export const modelId = z
  .string(must('a UUID'))
  .refine((text) => uuid.test(text), must('a UUID'))
  .overwrite(usual)
  .meta({
    format: 'uuid',
    description:
      'Answered as eight, four, four, four and twelve hex digits in lower case. A request may leave out the hyphens, or put `urn:uuid:` before it.',
    examples: ['550e8400-e29b-41d4-a716-446655440000'],
  });
