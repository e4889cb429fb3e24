// Package keys holds a person's private keys. They live in a vault file sealed by a passphrase, and in memory behind a Holder that signs
// typed bodies and decrypts, but never hands a key out. KEYS.md beside this file is the vault's format.
//
// A Vault is the file: its public part (project.Reader) can be read by anybody, its private part by whoever knows the passphrase, or has the
// recovery key that was printed when the vault was made. A Holder is an unlocked vault.
//
// The package is the one owner of age on the workstation beside sync/bundle; others wrap small secrets with Wrap and Holder.Unwrap.
// It knows nothing of projects, reads or files other than the vault.
package keys
