import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1

extension Request {
    /// Reads and decodes the JSON body, which stays with the request.
    ///
    /// - Parameter limit: The greatest size in bytes.
    /// - Throws: ``APIError`` `.invalidContentType`, `.unsupportedEncoding`, `.bodyTooLarge`, `.malformedBody`,
    ///   `.invalidValue`.
    mutating func decodeBody<Body: Decodable>(_ type: Body.Type, limit: Int) async throws -> Body {
        try requireJSON()
        return try Self.decode(type, from: await readBody(limit: limit))
    }

    /// Reads the body, which stays with the request.
    ///
    /// - Throws: ``APIError`` `.bodyTooLarge`, `.unsupportedEncoding`.
    mutating func readBody(limit: Int) async throws -> [UInt8] {
        guard headers[values: .contentEncoding].allSatisfy({ ["", "identity"].contains($0.lowercased()) }) else {
            throw APIError(
                .unsupportedEncoding,
                "A compressed body is not read here: send it without Content-Encoding.",
                headers: [.acceptEncoding: "identity"]
            )
        }
        let tooLarge = APIError(.bodyTooLarge, "The body is larger than \(limit) bytes.")
        if let length = headers.contentLength, length > limit { throw tooLarge }
        do {
            return Array(try await collectBody(upTo: limit).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw tooLarge
        } catch is HTTPParserError {
            throw APIError(.badRequest, "The body is not framed as HTTP wants it.")
        } catch {
            throw APIError(.clientGone, "The client went away in the middle of the body.")
        }
    }

    /// Decodes bytes that should be JSON.
    ///
    /// - Parameter limits: Field → how many members its object may have.
    /// - Throws: ``APIError`` `.malformedBody` with the place, `.invalidValue`, also for a field that is given twice.
    static func decode<Body: Decodable>(
        _ type: Body.Type,
        from bytes: [UInt8],
        members limits: [String: Int] = [:]
    ) throws -> Body {
        let syntax = JSONSyntax(bytes, limits: limits)
        if let fault = syntax.fault { throw APIError.malformed(fault) }
        if let field = syntax.crowdedField, let limit = limits[field] {
            throw APIError.invalidParameter(field, "must have at most \(limit) members")
        }
        // The decoder would take one of the two in silence.
        if let field = syntax.repeatedField { throw APIError.invalidParameter(field, "is given more than once") }
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw APIError(error)
        }
    }

    /// Refuses a body that does not say that it is JSON: a form on a foreign page can send any content type but
    /// this one without asking first.
    ///
    /// - Throws: ``APIError`` `.invalidContentType`.
    func requireJSON() throws(APIError) {
        guard let mediaType, mediaType == "application/json" || mediaType.hasSuffix("+json") else {
            throw APIError(.invalidContentType, "The body must be JSON: send 'Content-Type: application/json'.")
        }
    }

    /// The body's media type in lower case, without parameters; nil if the request names none.
    var mediaType: String? {
        headers[.contentType].map { $0.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased() }
    }
}

extension HTTPFields {
    /// The body's length in bytes, as it is told; nil if it is not.
    var contentLength: Int? {
        // The parser has seen to it that it is a number, which may be beyond all bounds.
        self[.contentLength].map { Int($0) ?? .max }
    }
}
