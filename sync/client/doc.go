// Package client carries bundles between a workstation and its project's server: over the network, or on a removable medium.
//
// Push sends what waits in the Outbox, in the author's order, resuming at the byte where it was cut, and marks a bundle delivered only
// after it has verified the server's receipt. Pull fetches what has arrived into an Inbox. Both may be repeated at any time; nothing is
// lost or doubled by it. Network and medium are two Transports with the same meaning.
//
// The package knows no keys and no store: Identity signs, Outbox and Inbox keep. It never sees what is inside a bundle.
package client
