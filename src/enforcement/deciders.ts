import { penaltyCaseDecider } from './penalty-case';

export const enforcementDeciders = [penaltyCaseDecider];
