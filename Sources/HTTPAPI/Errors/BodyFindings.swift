import Foundation
import Profiles
import YAML

/// What is wrong with a body that was refused for the values in it, each with its place.
///
/// A body with the fields of a profile is what miLLM's rows are, so that it is read as a file of them: all that is wrong
/// is found at once, and called what it is called in files.
struct BodyFindings {
    /// What places in a body have as their file.
    static let file = "body"

    /// All of them, in the order of the text; none if nothing of it is about a profile.
    let all: [Diagnostic]

    /// The fields that are texts, of which a file takes numbers and words, too.
    private static let texts: [String: DiagnosticCode] = [
        "name": .invalidName, "description": .invalidDescription, "model_id": .invalidModel, "sae_id": .invalidSAE,
    ]

    /// What is wrong in a body with these fields as it is in a file.
    private static func codes(of fields: Set<String>) -> Set<DiagnosticCode> {
        var codes = Set(fields.compactMap { texts[$0] })
        codes.formUnion([.notAMapping, .duplicateKey, .findingsLeftOut])
        if fields.contains("layer") { codes.insert(.invalidLayer) }
        if fields.contains("steering") {
            codes.formUnion([.invalidIndex, .invalidStrength, .tooManyFeatures, .invalidSteering])
        }
        return codes
    }

    /// - Parameters:
    ///   - body: JSON.
    ///   - fields: The fields that the request takes; others are ignored.
    ///   - parameter: The field that the refusal blames, as `steering.3`; nil if it blames none.
    ///   - message: What the refusal says.
    init(_ body: [UInt8], of fields: [String], blamed parameter: String?, message: String) {
        let fields = Set(fields)
        let codes = Self.codes(of: fields)
        let places = JSONSyntax(body, locating: fields.union(["", parameter ?? ""])).places
        var found = ProfileDecoder.decode(body, file: Self.file, ignoringUnknownKeys: true).diagnostics
            .filter { codes.contains($0.code) && !Self.isPossible($0, in: body) }
        func add(_ code: DiagnosticCode, _ message: String, at place: SourceRange?) {
            let start = places[""].map { SourceRange($0.start, $0.start) }
            found.append(Diagnostic(code, message, at: SourceLocation(file: Self.file, range: place ?? start)))
        }
        for (field, code) in Self.texts where fields.contains(field) {
            guard let place = places[field], !found.contains(where: { $0.code == code }) else { continue }
            let isTextOrNull = [UInt8(ascii: "\""), UInt8(ascii: "n")].contains(body[place.start.offset])
            if !isTextOrNull { add(code, "'\(field)' must be a text", at: place) }
        }
        if let parameter, let code = Self.code(of: parameter) {
            if places[parameter] == nil, ["name", "steering"].contains(parameter) {
                add(.missingKey, "the key '\(parameter)' is missing", at: nil)
            } else if found.isEmpty {
                add(code, message.hasSuffix(".") ? String(message.dropLast()) : message, at: places[parameter])
            }
        }
        all = found.sorted { ($0.location.range?.start.offset ?? 0) < ($1.location.range?.start.offset ?? 0) }
    }

    /// Whether a body may have what a file may not.
    private static func isPossible(_ finding: Diagnostic, in body: [UInt8]) -> Bool {
        guard let range = finding.location.range else { return false }
        let text = String(decoding: body[range.bytes], as: UTF8.self)
        return switch finding.code {
        case .invalidSteering: text == "null"
        case .invalidLayer: (Int(exactly: Double(text) ?? .nan)).map((0...ProfileRules.greatestLayer).contains) ?? false
        default: false
        }
    }

    private static func code(of field: String) -> DiagnosticCode? {
        if let code = texts[field] { return code }
        if field.hasPrefix("steering.") { return .invalidStrength }
        return ["steering": .invalidSteering, "layer": .invalidLayer][field]
    }
}
