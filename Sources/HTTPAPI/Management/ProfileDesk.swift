import Foundation
import HTTPTypes
import Hummingbird
import Profiles
import Reconciliation

/// What the routes about profiles have in common: which profile a request means, what its body says, and how
/// a profile is shown.
struct ProfileDesk: Sendable {
    let service: ProfileService
    let configuration: APIConfiguration
    private let rendered = RenderedProfiles()

    init(service: ProfileService, configuration: APIConfiguration) {
        self.service = service
        self.configuration = configuration
    }

    /// The profile that the path names: its third part, percent-decoded.
    ///
    /// - Throws: ``APIError`` with the code of `.notFound` for what cannot be an id.
    func id(in request: Request) throws(APIError) -> ProfileID {
        let parts = request.uri.path.split(separator: "/")
        let part = parts.count > 2 ? String(parts[2]) : ""
        guard let text = part.removingPercentEncoding, let id = try? ProfileID(text) else {
            throw APIError(.unknown(part, among: []))
        }
        return id
    }

    /// Does something with a profile, and says of errors what the client needs to know, not where the file lies.
    ///
    /// - Parameter doubt: Why a result may be half of a change; nil if it is whole.
    func with<Result>(
        _ id: ProfileID,
        doubt: (Result) -> SettlingDoubt? = { _ in nil },
        _ body: () async throws(ProfileError) -> Result
    ) async throws(APIError) -> Result {
        do {
            return try await service.settled(id, doubt: doubt, body)
        } catch {
            throw APIError(error.code == .notFound ? await service.unknown(id.description) : error)
        }
    }

    /// The active profile once it has settled; nil if there is none.
    func active() async throws(ProfileError) -> ProfileFile? {
        func doubt(_ file: ProfileFile?) -> SettlingDoubt? { file.map(\.doubt) ?? .unsound }
        return try await service.settled(nil, doubt: doubt) { () throws(ProfileError) in
            try await service.repository.active()
        }
    }

    /// The active profile's id once `active` has settled; nil if there is none, or it cannot be followed.
    func activeID() async throws(ProfileError) -> ProfileID? {
        func doubt(_ id: ProfileID?) -> SettlingDoubt? { id == nil ? .unsound : nil }
        return try await service.settled(nil, doubt: doubt) { () throws(ProfileError) in
            try await service.activeID()
        }
    }

    /// The digest that the request is based on, as `If-Match` tells it; nil if it takes whatever is there.
    ///
    /// - Throws: ``APIError`` with the code of `.conflict` if the file is another one by now, or the one that
    ///   `If-None-Match` excludes, or of `.notFound`, or `.badRequest` for a header that is no condition.
    func expectation(in request: Request, about id: ProfileID) async throws(APIError) -> ContentDigest? {
        let wanted = try EntityTags(.ifMatch, of: request)
        let unwanted = try EntityTags(.ifNoneMatch, of: request)
        guard wanted != nil || unwanted != nil else { return nil }
        let digest = try await with(id) { () throws(ProfileError) in try await service.repository.profile(id).digest }
        let tag = "\"\(digest)\""
        guard wanted.map({ $0.includes(tag) }) ?? true else {
            throw Self.conflict(
                "The profile '\(id)' has been changed since it was read. Nothing was done; read it again."
            )
        }
        guard unwanted.map({ !$0.includes(tag) && !$0.includes("W/" + tag) }) ?? true else {
            throw Self.conflict("The profile '\(id)' is there, as 'If-None-Match' says that it must not be.")
        }
        return wanted == nil || wanted == .any ? nil : digest
    }

    /// Reads a body whose values follow the management API's rules.
    ///
    /// - Throws: ``APIError`` `.validationError` with places for a value of the wrong type, and what reading throws.
    func body<Body: NamedFields>(_ type: Body.Type, of request: inout Request) async throws -> Lenient<Body> {
        try request.requireJSON()
        let bytes = try await request.readBody(limit: configuration.bodyLimit)
        do {
            var given = try Request.decode(Lenient<Body>.self, from: bytes, members: Body.limits)
            given.bytes = bytes
            return given
        } catch {
            var error = APIError(error)
            if error.code == .invalidValue { error.code = .validationError }
            throw error.pointing(into: bytes, of: Body.names)
        }
    }

    /// A body that may as well be missing; nil if there is nothing to see of it.
    func optionalBody<Body: NamedFields>(_ type: Body.Type, of request: inout Request) async throws -> Lenient<Body>? {
        let bytes = try await request.readBody(limit: configuration.bodyLimit)
        guard bytes.contains(where: { !" \t\r\n".utf8.contains($0) }) else { return nil }
        return try await body(type, of: &request)
    }

    /// A value in the query; nil if it is not given.
    ///
    /// - Throws: ``APIError`` `.validationError` if it is given more than once, so that one would be ignored in silence.
    func option(_ name: String, of request: Request) throws(APIError) -> String? {
        let values = request.uri.queryParameters[values: Substring(name)]
        guard values.count < 2 else {
            throw APIError(.validationError, "'\(name)' is given more than once.", parameter: name)
        }
        return values.first.map(String.init)
    }

    /// A switch in the query, in whichever case a client's language writes it; nil if it is not given.
    func flag(_ name: String, of request: Request) throws(APIError) -> Bool? {
        switch try option(name, of: request)?.lowercased() {
        case nil: return nil
        case "true", "1": return true
        case "false", "0": return false
        default: throw APIError(.validationError, "'\(name)' must be true or false.", parameter: name)
        }
    }

    /// The profile as an object.
    ///
    /// - Parameter warnings: What the answer tells besides; nil for answers to requests that change nothing.
    func object(_ file: ProfileFile, activeID: ProfileID?, warnings: [String]? = nil) -> JSONValue {
        var file = file
        file.decoded.diagnostics = file.diagnostics.map(\.withoutDirectory)
        return adding(warnings, to: file.json(isActive: file.id == activeID))
    }

    /// The answer that is a list of profiles, written without the detour over a value for the whole.
    func answer(_ files: [ProfileFile], activeID: ProfileID?) -> Response {
        var text = #"{"data":{"profiles":["#
        let objects = rendered.texts(of: files, activeID: activeID) { object($0, activeID: activeID) }
        for (index, object) in objects.enumerated() {
            if index > 0 { text += "," }
            text += object
        }
        let id = JSONValue(activeID?.description).text(indentation: nil)
        text += #"],"total":\#(files.count),"active_profile_id":\#(id)},"error":null,"success":true}"#
        return .json(ByteBuffer(string: text))
    }

    /// The object with warnings as its last member; as it is if they are nil.
    func adding(_ warnings: [String]?, to object: JSONValue) -> JSONValue {
        guard let warnings else { return object }
        return object.adding(JSONValue.Member("warnings", .array(warnings.map(JSONValue.string))))
    }

    /// The answer that is one profile.
    func answer(_ file: ProfileFile, warnings: [String]? = nil) async throws -> Response {
        let object = object(file, activeID: try await activeID(), warnings: warnings)
        return .envelope(object, headers: [.eTag: "\"\(file.digest)\""])
    }

    private static func conflict(_ message: String) -> APIError {
        APIError(APIErrorCode(ProfileError.Code.conflict), message)
    }
}
