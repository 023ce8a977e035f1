/// Why something could not be done with a profile or the directory of profiles.
package struct ProfileError: Error, Sendable, CustomStringConvertible {
    /// What callers branch on. The raw values are the API's error codes where SPEC §7 has one.
    package enum Code: String, Sendable {
        case notFound = "PROFILE_NOT_FOUND"
        case alreadyExists = "PROFILE_ALREADY_EXISTS"
        /// It is the active one, and that forbids it.
        case active = "PROFILE_ACTIVE"
        case incompatible = "PROFILE_INCOMPATIBLE"
        /// The file has changed since the caller read it.
        case conflict = "PROFILE_CONFLICT"
        /// Another program has the file open for writing.
        case inUse = "PROFILE_IN_USE"
        /// The file, or the text that was given, is no valid profile.
        case invalidFormat = "INVALID_PROFILE_FORMAT"
        /// A value that was given breaks a rule.
        case invalidValue = "VALIDATION_ERROR"
        case invalidID = "INVALID_PROFILE_ID"
        case featureOutOfRange = "INVALID_FEATURE_INDEX"
        case saeNotAttached = "SAE_NOT_ATTACHED"
        /// `active` is something that cannot be followed.
        case activeLinkBroken = "ACTIVE_LINK_BROKEN"
        /// Another program keeps the directory to itself; it will be free again.
        case busy = "DIRECTORY_BUSY"
        /// Another daemon serves the directory that the path leads to by now.
        case directoryTaken = "DIRECTORY_TAKEN"
        /// The operating system refused: no space, no permission, read-only …
        case inputOutput = "IO_ERROR"
    }

    /// What callers branch on.
    package var code: Code
    /// What failed, on what, and what to do, in one sentence or two.
    package var message: String
    /// Findings with their places, for errors about a file's content.
    package var diagnostics: [Diagnostic]
    /// The error behind this one, as from the operating system.
    package var cause: (any Error)?

    package init(_ code: Code, _ message: String, diagnostics: [Diagnostic] = [], cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.diagnostics = diagnostics
        self.cause = cause
    }

    package var description: String { message }
}
