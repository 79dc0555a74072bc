/** The registry's class is generic, so that it cannot be its own token. */
export const ACCOUNTS = Symbol('accounts of the gateway');
