// Package viewer is the reading room: one study on linked viewports, with the tools, the segments and everything said about them.
//
// A Room is made for one study and is the root of a window's content while it is read. It keeps the state of looking: the linked point, the
// windows, the layout, the tool, which segments are shown. The state of the work is the read's History, the only way to change it; saving,
// signing and exchange are the house's and reach the room as words to show and functions to call.
//
// The room answers the viewports (act.go), the panes (panes.go) and the keyboard (keys.go), and after each change shows again what depends on
// it (show.go). It imports no store, no keys and no files.
package viewer
