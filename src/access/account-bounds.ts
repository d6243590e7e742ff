export const MAX_LOGIN = 64;
/** Letters of any script, digits, and the four signs that logins are written with. */
export const LOGIN_PATTERN = /^[\p{L}\p{N}][\p{L}\p{N}._@-]*$/u;
/** Characters. Length protects where rules about signs do not (NIST SP 800-63B). */
export const MIN_PASSWORD = 10;
export const MAX_PASSWORD = 200;
export const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
