// Package server is the project's mailbox, notary and referee. It takes bundles, checks their outside and the rules, appends each commit
// to its author's log, answers with a receipt, and hands bundles to those they are addressed to. It never sees pixels, labels, names or
// DICOM UIDs, and can open nothing that it holds.
//
// It is one directory: an index (bbolt), the bundles by hash, and three keys made at first start: for TLS, for the logs, and for
// sessions. One process at a time holds it. Open makes or opens it, Serve answers on a listener, Exchange trades with a removable medium,
// Check proves every leaf, blob and receipt.
//
// A reader learns nothing of others: the log is per author, the feed per addressee, and "not yours" is looked up and answered exactly
// like "does not exist".
package server
