/// What to write behind a key.
enum EntryValue: Hashable, Sendable {
    /// Text, to be quoted as its place needs.
    case text(String)
    /// A number as it is to be written.
    case number(String)
}
