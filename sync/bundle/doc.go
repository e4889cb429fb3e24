// Package bundle seals, verifies and opens the files that Hotlight's people exchange. BUNDLE.md beside this code is the format.
//
// A bundle is one signed and encrypted message: a read on its way to the lead, or a definition on its way to everybody. Seal writes one,
// Verify checks everything that can be checked without a private key (a server does no more), Open decrypts one for somebody it is
// addressed to, and Inspect says what the outside of a file claims, for people.
//
// The package knows no images, segments or stores: objects are bytes addressed by their hash. It holds no keys: whoever signs and
// decrypts comes in as a Signer or an Opener. It is the sole user of age beside package keys.
//
// Words: the author seals, addressees are those who shall receive it, recipients are the age keys that can decrypt it. The Roster is the
// public half of a project's definition. The routing header (Route) is what servers read; the Manifest lies inside.
package bundle
