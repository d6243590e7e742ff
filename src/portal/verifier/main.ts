import { startPanel } from './panel';

// The portal's only script. It verifies, and does nothing else: `npm run build:browser` makes src/portal/assets/verify.js of it.
for (const panel of document.querySelectorAll<HTMLElement>('[data-proofs]')) startPanel(panel);
