/**
 * A subject of personal data as it stands in addresses and names of streams: `party.p-17` for `party:p-17`. A colon stands in
 * neither; a kind has no full stop, so the first one parts the two.
 */
export const subjectOf = (address: string): string => address.replace('.', ':');

/** `party:p-17` → `party.p-17` */
export const addressOf = (subject: string): string => subject.replace(':', '.');

/** `party:p-17` → `party` */
export const kindOf = (subject: string): string => subject.slice(0, subject.indexOf(':'));

/** `party:p-17` → `p-17` */
export const idIn = (subject: string): string => subject.slice(subject.indexOf(':') + 1);
