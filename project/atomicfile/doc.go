// Package atomicfile replaces small files so that a crash leaves the old one or the new one, never a part of either.
package atomicfile
