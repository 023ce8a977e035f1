import Foundation
import HTTPTypes
import Hummingbird
import Profiles

extension Response {
    /// An answer whose body is the value as JSON.
    static func json(
        _ value: some Encodable,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) throws -> Response {
        json(ByteBuffer(bytes: try JSONEncoder.api.encode(value)), status: status, headers: headers)
    }

    /// An answer whose body is the data in the envelope, written without the detour over an encoder, which takes ten
    /// times as long.
    static func envelope(_ data: JSONValue, headers: HTTPFields = [:]) -> Response {
        let value: JSONValue = ["data": data, "error": .null, "success": true]
        return json(ByteBuffer(string: value.text(indentation: nil)), headers: headers)
    }

    /// An answer whose body is JSON already.
    static func json(
        _ body: ByteBuffer,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        headers[.contentLength] = String(body.readableBytes)
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: body))
    }
}

extension JSONEncoder {
    /// Keys in a fixed order, so that equal answers are equal bytes.
    static var api: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}
