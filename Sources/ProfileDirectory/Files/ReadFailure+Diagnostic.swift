import Glibc
import Profiles

extension ReadFailure {
    /// The finding about a file that could not be read.
    ///
    /// - Parameter file: The file as the user named it.
    func diagnostic(for file: String) -> Diagnostic {
        let location = SourceLocation(file: file)
        return switch self {
        case .missing:
            Diagnostic(
                .unreadable,
                "the file is not there",
                at: location,
                help: "bring it back, or remove the link to it"
            )
        case .leavesDirectory(let target):
            Diagnostic(
                .linkLeavesDirectory,
                "the link to '\(target.escapedForDisplay)' leaves the directory and is not followed",
                at: location
            )
        case .loop:
            Diagnostic(
                .unreadable,
                "symbolic links lead in a circle",
                at: location,
                help: "replace it by the file itself"
            )
        case .notRegular(let kind):
            Diagnostic(.notRegularFile, "this is a \(kind.rawValue), not a regular file", at: location)
        case .tooLarge(let size):
            Diagnostic(.tooLarge, "the file has \(size) bytes; \(StableRead.maximumSize) are allowed", at: location)
        case .system(let error):
            Diagnostic(.unreadable, "the file cannot be read: \(error.sentence)", at: location, help: error.remedy)
        }
    }

    /// The decoding of a file that could not be read: nothing but the finding.
    func decoded(for file: String) -> DecodedProfile {
        DecodedProfile(refusedFor: [diagnostic(for: file)])
    }
}
