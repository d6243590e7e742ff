export const DRAW_NOTICE_FORMAT = 'mingjing-draw-notice/v1';
export interface DrawNotice {
  readonly format: string;
  readonly proof?: string;
}
