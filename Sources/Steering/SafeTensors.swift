import FoundationEssentials

/// A `.safetensors` file: named arrays of numbers behind a JSON header.
///
/// The format: 8 bytes with the header's length (little-endian), the header as JSON, then the arrays' bytes; the
/// offsets in the header count from the header's end. Nothing in the file is trusted, and no alignment assumed.
package struct SafeTensors: Sendable {
    /// How a tensor's numbers are stored. Files with other types can be opened, but not those tensors read.
    package enum ElementType: String, Hashable, Sendable {
        case float32 = "F32"
        case float16 = "F16"
        case bfloat16 = "BF16"

        /// In bytes.
        var size: Int { self == .float32 ? 4 : 2 }
    }

    /// A tensor's entry in the header.
    package struct Tensor: Hashable, Sendable {
        /// The name of the element type, as the file has it.
        package let type: String
        /// Rows first.
        package let shape: [Int]
        /// Where the bytes are in the file.
        let bytes: Range<Int>
    }

    /// The greatest header that is read, in bytes; an SAE's has a few hundred.
    private static let headerLimit = 8 << 20

    /// The tensors by name.
    package let tensors: [String: Tensor]
    private let file: MappedFile

    /// Maps the file and reads its header.
    ///
    /// - Throws: ``SteeringError`` `.unreadable`, or `.invalidFile` with what is wrong.
    package init(path: String) throws(SteeringError) {
        file = try MappedFile(path: path)
        guard file.size >= 8 else { throw Self.invalid(path, "it has only \(file.size) bytes") }
        let length = try unsafe file.withBytes(0..<8) { bytes throws(SteeringError) in
            unsafe UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        }
        guard length <= UInt64(file.size - 8) else {
            throw Self.invalid(path, "its header claims \(length) bytes and the file has \(file.size)")
        }
        guard length <= UInt64(Self.headerLimit) else {
            throw Self.invalid(path, "its header claims \(length) bytes; over \(Self.headerLimit) are not read")
        }
        let start = 8 + Int(length)
        let header = try unsafe file.withBytes(8..<start) { bytes throws(SteeringError) in unsafe Data(bytes) }
        tensors = try Self.tensors(in: header, dataStart: start, of: file)
    }

    /// Reads one row of a two-dimensional tensor.
    ///
    /// - Returns: The numbers, shape `[columns]`.
    /// - Throws: ``SteeringError`` `.invalidFile` if there is no such tensor or row, or a number is not finite.
    package func row(_ index: Int, of name: String) throws(SteeringError) -> [Float] {
        guard let tensor = tensors[name], tensor.shape.count == 2, (0..<tensor.shape[0]).contains(index) else {
            throw Self.invalid(file.path, "it has no row \(index) of a matrix '\(name)'")
        }
        guard let type = ElementType(rawValue: tensor.type) else {
            throw Self.invalid(
                file.path,
                "its tensor '\(name)' is of type \(tensor.type), and only F32, F16 and BF16 are read"
            )
        }
        let columns = tensor.shape[1]
        let start = tensor.bytes.lowerBound + index * columns * type.size
        let values = try unsafe file.withBytes(start..<start + columns * type.size) { bytes throws(SteeringError) in
            (0..<columns).map { unsafe Self.number(at: $0, of: bytes, type) }
        }
        guard values.allSatisfy(\.isFinite) else {
            throw Self.invalid(file.path, "row \(index) of '\(name)' holds a value that is no number")
        }
        return values
    }

    private static func number(at index: Int, of bytes: UnsafeRawBufferPointer, _ type: ElementType) -> Float {
        let offset = index * type.size
        return switch type {
        case .float32:
            unsafe Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        case .float16:
            unsafe Float(
                Float16(bitPattern: UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
            )
        case .bfloat16:
            unsafe Float(
                bitPattern: UInt32(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
                    << 16
            )
        }
    }

    private static func invalid(_ path: String, _ what: String) -> SteeringError {
        SteeringError(.invalidFile, "'\(path)' is no usable safetensors file: \(what).")
    }
}

// MARK: - The header

extension SafeTensors {
    private struct Entry: Decodable {
        let dtype: String
        let shape: [Int]
        let offsets: [Int]

        private enum CodingKeys: String, CodingKey {
            case dtype, shape
            case offsets = "data_offsets"
        }
    }

    /// The header's keys are the tensors' names, but for one.
    private struct Header: Decodable {
        struct Name: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        let entries: [String: Entry]

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Name.self)
            var entries: [String: Entry] = [:]
            for name in container.allKeys where name.stringValue != "__metadata__" {
                entries[name.stringValue] = try container.decode(Entry.self, forKey: name)
            }
            self.entries = entries
        }
    }

    private static func tensors(
        in header: Data,
        dataStart: Int,
        of file: MappedFile
    ) throws(SteeringError) -> [String: Tensor] {
        let entries: [String: Entry]
        do {
            entries = try JSONDecoder().decode(Header.self, from: header).entries
        } catch {
            throw invalid(file.path, "its header is not the JSON that it should be")
        }
        var tensors: [String: Tensor] = [:]
        for (name, entry) in entries {
            guard let bytes = range(entry, dataStart: dataStart, fileSize: file.size) else {
                throw invalid(file.path, "its tensor '\(name)' does not lie inside the file; it may be truncated")
            }
            guard let count = elementCount(entry.shape) else {
                throw invalid(file.path, "its tensor '\(name)' has the shape \(entry.shape)")
            }
            if let type = ElementType(rawValue: entry.dtype) {
                let (size, overflows) = count.multipliedReportingOverflow(by: type.size)
                guard !overflows, size == bytes.count else {
                    throw invalid(
                        file.path,
                        "its tensor '\(name)' has \(bytes.count) bytes for \(count) numbers of type \(entry.dtype)"
                    )
                }
            }
            tensors[name] = Tensor(type: entry.dtype, shape: entry.shape, bytes: bytes)
        }
        return tensors
    }

    private static func range(_ entry: Entry, dataStart: Int, fileSize: Int) -> Range<Int>? {
        guard entry.offsets.count == 2 else { return nil }
        let (start, end) = (entry.offsets[0], entry.offsets[1])
        guard 0 <= start, start <= end, end <= fileSize - dataStart else { return nil }
        return dataStart + start..<dataStart + end
    }

    private static func elementCount(_ shape: [Int]) -> Int? {
        var count = 1
        for extent in shape {
            let (product, overflows) = count.multipliedReportingOverflow(by: extent)
            guard extent >= 0, !overflows else { return nil }
            count = product
        }
        return count
    }
}
