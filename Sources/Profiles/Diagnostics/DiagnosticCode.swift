/// The kinds of findings, each with a code that never changes its meaning and with what to do about it.
///
/// The documentation's table, the SARIF rules and the help lines are all made from ``all``. A code that
/// falls out of use is retired, never given to another finding.
package struct DiagnosticCode: Hashable, Sendable {
    /// `P012`, say.
    package let code: String
    /// What is wrong, as a short phrase.
    package let title: String
    /// What to do, as an imperative fragment.
    package let help: String

    private init(_ code: String, _ title: String, help: String) {
        self.code = code
        self.title = title
        self.help = help
    }

    package static func == (lhs: Self, rhs: Self) -> Bool { lhs.code == rhs.code }

    package func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

extension DiagnosticCode {
    /// Every code, ascending.
    package static let all: [DiagnosticCode] = ofSyntax + ofSchema + ofCompatibility + ofDirectory

    /// The code with this number; nil if there is none.
    package init?(code: String) {
        guard let found = Self.all.first(where: { $0.code == code }) else { return nil }
        self = found
    }
}

/// P001–P019: the text is no YAML, or YAML of a kind that profiles do without.
extension DiagnosticCode {
    package static let syntaxError = DiagnosticCode(
        "P001",
        "YAML syntax error",
        help: "look at the place shown; often a colon, a quote or some indentation is missing"
    )
    package static let notUTF8 = DiagnosticCode("P002", "not UTF-8", help: "save the file as UTF-8")
    package static let tooLarge = DiagnosticCode("P003", "file too large", help: "keep a profile within 1 MiB")
    package static let tooDeep = DiagnosticCode(
        "P004",
        "nesting too deep",
        help: "a profile needs three levels; 64 are allowed"
    )
    package static let tooManyNodes = DiagnosticCode(
        "P005",
        "too many values",
        help: "a profile may hold 20 000 keys and values"
    )
    package static let emptyFile = DiagnosticCode(
        "P006",
        "empty file",
        help: "start with 'version: 1' and 'name: …', or make the file with 'millm new'"
    )
    package static let severalDocuments = DiagnosticCode(
        "P007",
        "several documents",
        help: "put each profile into a file of its own"
    )
    package static let anchor = DiagnosticCode(
        "P008",
        "anchor",
        help: "remove the anchor; if the text itself starts with '&', quote it"
    )
    package static let alias = DiagnosticCode(
        "P009",
        "alias",
        help: "write the value out; if the text itself starts with '*', quote it"
    )
    package static let tag = DiagnosticCode(
        "P010",
        "tag",
        help: "remove the tag; if the text itself starts with '!', quote it"
    )
    package static let mergeKey = DiagnosticCode("P011", "merge key", help: "write the keys out")
    package static let duplicateKey = DiagnosticCode("P012", "duplicate key", help: "remove one of them")
    package static let controlCharacter = DiagnosticCode("P013", "control character", help: "remove it")
    package static let directive = DiagnosticCode(
        "P014",
        "directive",
        help: "remove the line; only '%YAML 1.1' and '%YAML 1.2' are understood"
    )
    package static let complexKey = DiagnosticCode(
        "P015",
        "key is no plain text",
        help: "use a word or a number as the key"
    )
    package static let outOfMemory = DiagnosticCode("P016", "out of memory", help: "try again with more memory")

    private static let ofSyntax = [
        syntaxError, notUTF8, tooLarge, tooDeep, tooManyNodes, emptyFile, severalDocuments, anchor, alias, tag,
        mergeKey, duplicateKey, controlCharacter, directive, complexKey, outOfMemory,
    ]
}

/// P020–P039: the YAML is sound, but not what a profile says.
extension DiagnosticCode {
    package static let notAMapping = DiagnosticCode("P020", "not a mapping", help: "write 'key: value' lines")
    package static let invalidValue = DiagnosticCode("P021", "invalid value", help: "see the place shown")
    package static let unknownKey = DiagnosticCode("P022", "unknown key", help: "remove it; a comment starts with '#'")
    package static let missingKey = DiagnosticCode("P023", "missing key", help: "add it")
    package static let unsupportedVersion = DiagnosticCode(
        "P024",
        "unsupported version",
        help: "this program reads 'version: 1', and miLLM's exports"
    )
    package static let invalidName = DiagnosticCode(
        "P025",
        "invalid name",
        help: "give a name of 1 to 100 characters on one line"
    )
    package static let invalidDescription = DiagnosticCode(
        "P026",
        "invalid description",
        help: "keep it within 500 characters"
    )
    package static let invalidLayer = DiagnosticCode(
        "P027",
        "invalid layer",
        help: "give the block's number as a decimal integer, counted from 0"
    )
    package static let invalidIndex = DiagnosticCode(
        "P028",
        "invalid feature index",
        help: "give the feature's number as a decimal integer, counted from 0"
    )
    package static let invalidStrength = DiagnosticCode(
        "P029",
        "invalid strength",
        help: "give a number from -10000 to 10000"
    )
    package static let tooManyFeatures = DiagnosticCode("P030", "too many features", help: "keep to 1024 features")
    package static let invalidEscape = DiagnosticCode("P031", "invalid escape", help: "write the character itself")

    private static let ofSchema = [
        notAMapping, invalidValue, unknownKey, missingKey, unsupportedVersion, invalidName, invalidDescription,
        invalidLayer, invalidIndex, invalidStrength, tooManyFeatures, invalidEscape,
    ]
}

/// P101–P199: a sound profile that does not fit the model or the SAE that are loaded.
extension DiagnosticCode {
    package static let modelMismatch = DiagnosticCode(
        "P101",
        "made for another model",
        help: "load that model, remove 'model', or activate with --force"
    )
    package static let saeMismatch = DiagnosticCode(
        "P102",
        "made for another SAE",
        help: "attach that SAE, remove 'sae', or activate with --force"
    )
    package static let layerMismatch = DiagnosticCode(
        "P103",
        "made for another layer",
        help: "attach an SAE of that layer, or remove 'layer'"
    )
    package static let featureOutOfRange = DiagnosticCode(
        "P104",
        "feature does not exist",
        help: "use an index that the SAE has; 'millm features' lists the labelled ones"
    )
    package static let widthMismatch = DiagnosticCode(
        "P105",
        "SAE of another width",
        help: "attach an SAE that was trained on this model"
    )
    package static let saeNotAttached = DiagnosticCode("P106", "no SAE attached", help: "start the daemon with --sae")
    package static let unusableScale = DiagnosticCode(
        "P107",
        "SAE with an unusable scale",
        help: "use an SAE whose decoder lives in the scale of the residual stream"
    )

    private static let ofCompatibility = [
        modelMismatch, saeMismatch, layerMismatch, featureOutOfRange, widthMismatch, saeNotAttached, unusableScale,
    ]
}

/// P201–P299: the files, their names and the `active` link.
extension DiagnosticCode {
    package static let duplicateID = DiagnosticCode(
        "P201",
        "two files with one id",
        help: "rename or remove one of them"
    )
    package static let duplicateName = DiagnosticCode("P202", "two profiles with one name", help: "rename one of them")
    package static let linkLeavesDirectory = DiagnosticCode(
        "P203",
        "link leaves the directory",
        help: "copy the file into the directory"
    )
    package static let activeAbsolute = DiagnosticCode(
        "P204",
        "'active' is an absolute link",
        help: "make it relative: run 'millm repair' or 'millm activate'"
    )
    package static let activeOutside = DiagnosticCode(
        "P205",
        "'active' points outside the directory",
        help: "run 'millm repair' or 'millm activate'"
    )
    package static let activeDangling = DiagnosticCode(
        "P206",
        "'active' points at nothing",
        help: "run 'millm repair', 'millm activate' or 'millm deactivate'"
    )
    package static let activeLoop = DiagnosticCode(
        "P207",
        "'active' takes more than one hop",
        help: "point it at the profile's own file, or run 'millm repair'"
    )
    package static let activeNotALink = DiagnosticCode(
        "P208",
        "'active' is a file",
        help: "run 'millm repair', which makes a profile of it; or move it to a name that ends in .yaml"
    )
    package static let activeSpecialFile = DiagnosticCode(
        "P209",
        "'active' is neither a link nor a file",
        help: "run 'millm repair', or remove it; then run 'millm activate'"
    )
    package static let unreadable = DiagnosticCode(
        "P210",
        "file cannot be read",
        help: "check its permissions and its owner"
    )
    package static let badFileName = DiagnosticCode("P211", "file name cannot be an id", help: "rename the file")
    package static let notRegularFile = DiagnosticCode(
        "P212",
        "not a regular file",
        help: "replace it by a regular file"
    )
    package static let directoryGone = DiagnosticCode(
        "P213",
        "directory is gone",
        help: "bring the directory back, or give another with --profiles"
    )
    package static let interrupted = DiagnosticCode(
        "P214",
        "left by an interrupted program",
        help: "run 'millm repair'"
    )

    private static let ofDirectory = [
        duplicateID, duplicateName, linkLeavesDirectory, activeAbsolute, activeOutside, activeDangling, activeLoop,
        activeNotALink, activeSpecialFile, unreadable, badFileName, notRegularFile, directoryGone,
        interrupted,
    ]
}
