//go:build !linux

package store

func childFull() {}
