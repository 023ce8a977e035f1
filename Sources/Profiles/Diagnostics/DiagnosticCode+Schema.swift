/// P020–P039: the YAML is sound, but not what a profile says.
extension DiagnosticCode {
    package static let notAMapping = DiagnosticCode(
        "P020",
        "not a mapping",
        example: "- name: Night",
        help: "write 'key: value' lines"
    )
    package static let unknownKey = DiagnosticCode(
        "P022",
        "unknown key",
        example: "laier: 15",
        help: "remove it; a comment starts with '#'"
    )
    package static let missingKey = DiagnosticCode(
        "P023",
        "missing key",
        example: "version: 1 alone",
        help: "add it"
    )
    package static let unsupportedVersion = DiagnosticCode(
        "P024",
        "unsupported version",
        example: "version: 2",
        help: "this program reads 'version: 1', and miLLM's exports"
    )
    package static let invalidName = DiagnosticCode(
        "P025",
        "invalid name",
        example: "name: \"\"",
        help: "give a name of 1 to 100 characters on one line"
    )
    package static let invalidDescription = DiagnosticCode(
        "P026",
        "invalid description",
        example: "description: 501 letters",
        help: "keep it within 500 characters"
    )
    package static let invalidLayer = DiagnosticCode(
        "P027",
        "invalid layer",
        example: "layer: 0x0F",
        help: "give the block's number as a decimal integer, counted from 0"
    )
    package static let invalidIndex = DiagnosticCode(
        "P028",
        "invalid feature index",
        example: "3.5: 45.0",
        help: "give the feature's number as a decimal integer, counted from 0"
    )
    package static let invalidStrength = DiagnosticCode(
        "P029",
        "invalid strength",
        example: "316: yes",
        help: "give a number from -10000 to 10000"
    )
    package static let tooManyFeatures = DiagnosticCode(
        "P030",
        "too many features",
        example: "1025 lines under steering",
        help: "keep to 1024 features"
    )
    package static let invalidModel = DiagnosticCode(
        "P032",
        "invalid model",
        example: "model: \"\"",
        help: "give the model's name on one line, or remove the key"
    )
    package static let invalidSAE = DiagnosticCode(
        "P033",
        "invalid SAE",
        example: "sae: [l15]",
        help: "give the SAE's name on one line, or remove the key"
    )
    package static let invalidSteering = DiagnosticCode(
        "P034",
        "steering is no mapping",
        example: "steering: 316",
        help: "write one feature a line: '316: 45.0'"
    )
    package static let invalidExport = DiagnosticCode(
        "P035",
        "no export of miLLM's",
        example: "\"type\": \"profile\"",
        help: "export the profile again"
    )
    package static let notAProfile = DiagnosticCode(
        "P036",
        "not a profile",
        example: "a package.json",
        help: "give the file of a profile; 'millm new' writes one"
    )
    package static let findingsLeftOut = DiagnosticCode(
        "P037",
        "findings left out",
        example: "more than 100 findings in a file",
        help: "mend those that are shown, and look again"
    )
    package static let invalidEscape = DiagnosticCode(
        "P031",
        "invalid escape",
        example: "name: \"\\q\"",
        help: "write the character itself"
    )

    static let ofSchema = [
        notAMapping, unknownKey, missingKey, unsupportedVersion, invalidName, invalidDescription,
        invalidLayer, invalidIndex, invalidStrength, tooManyFeatures, invalidEscape, invalidModel, invalidSAE,
        invalidSteering, invalidExport, notAProfile, findingsLeftOut,
    ]
}
