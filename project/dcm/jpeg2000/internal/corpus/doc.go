// Package corpus makes the pictures and coding parameters with which encoder and decoder of JPEG 2000 are tested, and asks OpenJPEG's programs, where they are installed,
// for a second opinion. It holds no streams: they are made when tests run.
package corpus
