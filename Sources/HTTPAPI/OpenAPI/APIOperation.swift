import HTTPTypes
import ProfileDirectory
import Profiles

/// One thing that can be done over HTTP, as the OpenAPI document describes it.
struct APIOperation: Sendable {
    enum Tag: String, CaseIterable, Sendable {
        case profiles, steering, inference, operation

        /// What the document says of the group.
        var description: String {
            switch self {
            case .profiles: "The profiles in the directory; what is changed here is changed in its files at once."
            case .steering: "What the model is steered with now, and what the daemon thinks of it."
            case .inference: "OpenAI's API for chats and completions, steered."
            case .operation: "For supervisors, load balancers and Prometheus."
            }
        }
    }

    struct Parameter: Sendable {
        enum Place: String, Sendable {
            case path, query, header
        }

        var name: String
        var place: Place
        var schema: Schema
        var example: JSONValue?
        var meaning: String
    }

    /// The body of a request.
    struct Body: Sendable {
        var isRequired = true
        /// Media type → what the body holds.
        var contents: [Content]

        static func json(_ schema: Schema) -> Body { Body(contents: [Content("application/json", schema)]) }
    }

    /// What a body holds, under one media type.
    struct Content: Sendable {
        var mediaType: String
        var schema: Schema

        init(_ mediaType: String, _ schema: Schema) {
            self.mediaType = mediaType
            self.schema = schema
        }
    }

    /// An answer to a request that does what it asks for.
    struct Answer: Sendable {
        var status = HTTPResponse.Status.ok
        var meaning: String
        var contents: [Content]
        var headers: [Header] = []
    }

    /// A header of answers.
    enum Header: String, CaseIterable, Sendable {
        case requestID = "X-Request-Id"
        case eTag = "ETag"
        case contentDisposition = "Content-Disposition"
        case profile = "X-Millm-Profile"
        case retryAfter = "Retry-After"
        case authenticate = "WWW-Authenticate"

        var meaning: String {
            switch self {
            case .requestID: "The id under which the request stands in the server's log."
            case .eTag: "The content hash of the profile's file, for `If-Match`."
            case .contentDisposition: "A name to save the file by (RFC 6266)."
            case .profile:
                "The id of the profile that steers the answer, percent-encoded; `none` for none, `/api/steering` for "
                    + "steering that was set without a file."
            case .retryAfter: "After how many seconds to try again."
            case .authenticate: "How to prove who one is."
            }
        }
    }

    /// What a token must allow for the operation.
    enum Access: Sendable {
        /// Anybody may.
        case open
        case read
        case write
    }

    var method: HTTPRequest.Method
    /// With captures in braces.
    var path: String
    /// The operation's name in generated clients.
    var name: String
    var tag: Tag
    var summary: String
    var parameters: [Parameter] = []
    var body: Body?
    var answers: [Answer]
    /// What may go wrong, besides what may go wrong everywhere.
    var errors: [APIErrorCode] = []

    var access: Access {
        if HealthRoutes.paths.contains(path) { return .open }
        return TokenScope(needed: method, path) == .read ? .read : .write
    }

    var errorShape: ErrorShape { ErrorShape(path: path) }

    /// All that may go wrong, but for what the server's configuration adds.
    var allErrors: [APIErrorCode] {
        var codes = errors
        if body != nil { codes += [.malformedBody, .bodyTooLarge, .invalidContentType, .unsupportedEncoding] }
        if tag == .profiles, access == .write { codes += [APIErrorCode(.busy), APIErrorCode(.directoryTaken)] }
        if tag != .operation { codes += StorageFault.allCases.map { APIErrorCode($0) } }
        return codes + [
            .badRequest, .hostNotAllowed, .originNotAllowed, .internalError,
            APIErrorCode(ProfileError.Code.inputOutput),
        ]
    }
}
