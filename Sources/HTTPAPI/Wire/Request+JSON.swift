import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// Reads and decodes the JSON body, which stays with the request.
    ///
    /// - Parameter limit: The greatest size in bytes.
    /// - Throws: ``APIError`` `.invalidContentType`, `.bodyTooLarge`, `.malformedBody`, `.invalidValue`.
    mutating func decodeBody<Body: Decodable>(_ type: Body.Type, limit: Int) async throws -> Body {
        // A form on a foreign page can send any content type but this one without asking first.
        guard let contentType = headers[.contentType], Self.isJSON(contentType) else {
            throw APIError(.invalidContentType, "The body must be JSON: send 'Content-Type: application/json'.")
        }
        let tooLarge = APIError(.bodyTooLarge, "The body is larger than \(limit) bytes.")
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge }
        let buffer: ByteBuffer
        do {
            buffer = try await collectBody(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw tooLarge
        } catch {
            throw APIError(.clientGone, "The client went away in the middle of the body.")
        }
        let bytes = Array(buffer.readableBytesView)
        if let fault = JSONSyntax.fault(in: bytes) {
            throw APIError(.malformedBody, "The body is no JSON: \(fault).")
        }
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw APIError(error)
        }
    }

    private static func isJSON(_ contentType: String) -> Bool {
        let mediaType = contentType.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
        return mediaType == "application/json" || mediaType.hasSuffix("+json")
    }
}
