/** `${NAME}`, `<password>`, `{{ password }}`, and what SOPS has encrypted. */
const filledIn = /^\$\{\w+\}$|^<.*>$|^\{\{.*\}\}$|^ENC\[.*\]$/s;

/** True for a login that stands in the file itself, and not for one that is filled in or decrypted later. */
export function isLiteralSecret(text: string): boolean {
  return text !== '' && !filledIn.test(text);
}
