import { noticeDecider } from './notice';

export const disclosureDeciders = [noticeDecider] as const;
