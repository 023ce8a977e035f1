import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ProfileDirectory
import Profiles
import Reconciliation
import Steering

extension APIError {
    /// The error as a client may see it. What is not known here becomes an internal error without particulars.
    init(_ error: any Error) {
        self =
            switch error {
            case let error as APIError: error
            case let error as ProfileError: APIError(error)
            case let error as InferenceError: APIError(error)
            case is NIOTooManyBytesError: APIError(.bodyTooLarge, "The body is too large.")
            case is CancellationError: APIError(.clientGone, "The client went away.")
            case let error as HTTPError where error.status == .notFound:
                APIError(.notFound, "There is nothing here. GET \(OpenAPIRoutes.path) tells what there is.")
            case let error as HTTPError where error.status.kind == .clientError:
                APIError(.badRequest, error.body ?? error.status.reasonPhrase)
            default: .internalFailure(error)
            }
    }

    /// An error about a profile, together with what was found in its file.
    init(_ error: ProfileError) {
        // What cannot be read of one file is found in it as anything else is; the directory as a whole is the server's.
        let isFinding = error.code == .inputOutput && !error.diagnostics.isEmpty
        if let fault = error.storageFault, !(isFinding && fault == .forbidden) {
            self.init(fault, cause: error)
            return
        }
        let code = APIErrorCode(isFinding ? .invalidFormat : error.code)
        // The whole message names paths; it is for the log.
        guard code.status != .internalServerError else {
            self.init(code, "The server cannot read or write what it needs for this; its log says why.", cause: error)
            return
        }
        let sentences = error.diagnostics.map(\.sentence)
        // Of many mismatches the message tells the first.
        let areTold = sentences.first.map(error.message.contains) ?? false
        let untold = areTold ? [] : error.diagnostics.filter { !error.message.contains($0.message) }
        let findings = untold.map { finding in
            "\(finding.withoutDirectory.location): \(finding.message)."
        }
        // Where the directory lies is nothing to the client.
        let message = error.diagnostics.reduce(error.message) { message, finding in
            message.replacingOccurrences(of: finding.location.file, with: finding.withoutDirectory.location.file)
        }
        let end = findings.isEmpty || message.hasSuffix(".") ? "" : "."
        let headers: HTTPFields = error.code == .busy ? [.retryAfter: "1"] : [:]
        self.init(code, ([message + end] + findings).joined(separator: " "), headers: headers)
        mismatches = error.code == .incompatible ? sentences : nil
        diagnostics = error.diagnostics.map(\.withoutDirectory)
    }

    /// What whoever runs the server can mend.
    private init(_ fault: StorageFault, cause: ProfileError) {
        let message =
            switch fault {
            case .full:
                "There is no room left for profiles, or the quota is used up. Nothing was changed. Free some space there."
            case .readOnly:
                "The profiles lie on a file system that is read-only. Nothing was changed. Mount it writable."
            case .forbidden:
                "The server may not use its profiles directory as it wants. Check owner and permissions of what is in it."
            case .tooManyOpenFiles:
                "The server has too many files open. Try again; if that does not help, raise its limit."
            case .gone:
                "The profiles directory is not there. Bring it back, or mount it again."
            }
        let headers: HTTPFields = fault == .tooManyOpenFiles ? [.retryAfter: "1"] : [:]
        self.init(APIErrorCode(fault), message, headers: headers, cause: cause)
    }

    /// An error of the core.
    init(_ error: InferenceError) {
        let code = APIErrorCode(error.code)
        switch error.code {
        case .engineFailed: self = .internalFailure(error)
        case .queueFull, .shutDown, .modelUnavailable: self.init(code, error.message, headers: [.retryAfter: "1"])
        case .promptTooLong, .invalidRequest, .unsuitablePlan: self.init(code, error.message)
        }
    }

    private static func internalFailure(_ cause: any Error) -> APIError {
        APIError(
            .internalError,
            "Something went wrong in the server; its log says what, under this request's id.",
            cause: cause
        )
    }
}

extension Diagnostic {
    /// The finding with places that name only the file.
    var withoutDirectory: Diagnostic {
        var finding = self
        finding.location = location.withoutDirectory
        finding.related = related.map { Related(message: $0.message, location: $0.location.withoutDirectory) }
        return finding
    }
}

extension SourceLocation {
    fileprivate var withoutDirectory: SourceLocation {
        SourceLocation(file: file.split(separator: "/").last.map(String.init) ?? "", range: range)
    }
}
