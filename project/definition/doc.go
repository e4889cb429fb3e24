// Package definition reads the project file that a lead writes by hand (YAML) into a project.Definition, and writes a reader's public record
// in the form that is pasted into it.
//
// The form is that of project.Definition: schema, project, classes, readers, server. Unknown fields are errors that name the line, so that
// a typing mistake is never a silent default. The signed form is JSON and belongs to package project; this package signs nothing.
//
// It is apart from package project because it needs a YAML library (github.com/goccy/go-yaml), and project has none.
package definition
