/// A place as libyaml counts it, from 0.
struct Mark {
    /// Unicode scalars before the place; a byte order mark is not counted.
    let index: Int
    /// Lines before the place. NEL, LS and PS end one, too.
    let line: Int
    /// Unicode scalars before the place in its line.
    let column: Int
}
