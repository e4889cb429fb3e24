// Package project is the vocabulary of Hotlight: the words that every other package uses, and the rules that would hold on paper too.
//
// It holds identifiers (StudyUID, ReaderID, Hash ...), people and roles, the project's definition, the read and its state machine,
// warnings about images, error kinds, and the signed envelope (DSSE) in which everything signed is kept.
//
// It reads no files, opens no sockets, draws nothing, and imports the standard library only. Times and randomness are passed in.
//
// Words: a Study, its Series, their Instances and Frames are DICOM's (PS3.3 A.1.2). A WorkItem is one study under one protocol,
// waiting to be read. A Read is one reader's independent pass over a work item. A Case is the work item seen by the lead:
// all its reads together.
package project
