/// P201–P299: the files, their names and the `active` link.
extension DiagnosticCode {
    package static let duplicateID = DiagnosticCode(
        "P201",
        "two files with one id",
        example: "night.yaml, night.json",
        help: "rename or remove one of them"
    )
    package static let duplicateName = DiagnosticCode(
        "P202",
        "two profiles with one name",
        example: "name: Night, twice",
        help: "rename one of them"
    )
    package static let linkLeavesDirectory = DiagnosticCode(
        "P203",
        "link leaves the directory",
        example: "night.yaml -> ../night.yaml",
        help: "copy the file into the directory"
    )
    package static let activeAbsolute = DiagnosticCode(
        "P204",
        "'active' is an absolute link",
        example: "active -> /srv/profiles/night.yaml",
        help: "make it relative: run 'millm repair' or 'millm activate'"
    )
    package static let activeOutside = DiagnosticCode(
        "P205",
        "'active' points outside the directory",
        example: "active -> ../night.yaml",
        help: "run 'millm repair' or 'millm activate'"
    )
    package static let activeDangling = DiagnosticCode(
        "P206",
        "'active' points at nothing",
        example: "active -> gone.yaml",
        help: "run 'millm repair', 'millm activate' or 'millm deactivate'"
    )
    package static let activeLoop = DiagnosticCode(
        "P207",
        "'active' takes more than one hop",
        example: "active -> other -> night.yaml",
        help: "point it at the profile's own file, or run 'millm repair'"
    )
    package static let activeNotALink = DiagnosticCode(
        "P208",
        "'active' is a file",
        example: "sed -i … active",
        help: "run 'millm repair', which makes a profile of it; or move it to a name that ends in .yaml"
    )
    package static let activeSpecialFile = DiagnosticCode(
        "P209",
        "'active' is neither a link nor a file",
        example: "mkfifo active",
        help: "run 'millm repair', or remove it; then run 'millm activate'"
    )
    package static let unreadable = DiagnosticCode(
        "P210",
        "file cannot be read",
        example: "chmod 000 night.yaml",
        help: "check its permissions and its owner"
    )
    package static let badFileName = DiagnosticCode(
        "P211",
        "file name cannot be an id",
        example: "none.yaml",
        help: "rename the file"
    )
    package static let notRegularFile = DiagnosticCode(
        "P212",
        "not a regular file",
        example: "mkfifo night.yaml",
        help: "replace it by a regular file"
    )
    package static let directoryGone = DiagnosticCode(
        "P213",
        "directory is gone",
        example: "rm -r profiles",
        help: "bring the directory back, or give another with --profiles"
    )

    package static let interrupted = DiagnosticCode(
        "P214",
        "left by an interrupted program",
        example: "a temporary file whose writer has ended",
        help: "run 'millm repair'"
    )

    package static let directoryTaken = DiagnosticCode(
        "P215",
        "directory is another daemon's",
        example: "mv profiles old; mv theirs profiles",
        help: "stop one of the two daemons, or give another directory with --profiles"
    )

    static let ofDirectory = [
        duplicateID, duplicateName, linkLeavesDirectory, activeAbsolute, activeOutside, activeDangling, activeLoop,
        activeNotALink, activeSpecialFile, unreadable, badFileName, notRegularFile, directoryGone,
        interrupted, directoryTaken,
    ]
}
