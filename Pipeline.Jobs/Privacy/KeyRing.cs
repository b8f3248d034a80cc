using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Pipeline.Jobs.Shell;

namespace Pipeline.Jobs.Privacy;

/// <summary>
/// The keys of one installation: personal data is sealed with AES-256-GCM and joined by HMAC-SHA256 tokens. Keys are derived by
/// HKDF-SHA256 (RFC 5869) from a master key kept in a file of mode 0600 outside the database. Safe for many threads.
/// </summary>
/// <remarks>
/// Nonces are random and 96 bits long: a key must seal fewer than 2^32 values (NIST SP 800-38D, 8.3). Tokens come from the oldest
/// master key, so that they stay joinable when a newer one seals.
/// </remarks>
public sealed class KeyRing
{
    /// <summary>Bytes of a token: HMAC-SHA256 cut to half.</summary>
    public const int TokenBytes = 16;

    private const int MasterBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int SmallBytes = 512;

    private readonly SortedDictionary<int, DerivedKeys> _keys;
    private readonly ConcurrentDictionary<string, ThreadLocal<IncrementalHash>> _tokens = new(StringComparer.Ordinal);
    private readonly byte[] _tokenMaster;

    private KeyRing(SortedDictionary<int, byte[]> masters)
    {
        _keys = [];
        foreach ((int keyId, byte[] master) in masters)
        {
            _keys.Add(keyId, new DerivedKeys(master));
        }
        CurrentKeyId = _keys.Keys.Last();
        _tokenMaster = masters.Values.First();
    }

    /// <summary>The key that new values are sealed with; stored beside each sealed value.</summary>
    public int CurrentKeyId { get; }

    /// <summary>All keys that values can be opened with, ascending.</summary>
    public IReadOnlyCollection<int> KeyIds => _keys.Keys;

    /// <summary>Where the key files are. They are never part of a backup of the database: keep a copy of them apart.</summary>
    public static string Folder(string home) => Path.Combine(home, "keys");

    public static bool Exists(string home) => KeyFiles.Find(home).Any();

    /// <summary>Reads the keys under <paramref name="home"/>; makes the first one where there is none.</summary>
    /// <exception cref="PipelineFault">A key file is damaged, readable by others, or cannot be read or made.</exception>
    public static KeyRing Open(string home) => new(KeyFiles.ReadOrCreate(home, MasterBytes));

    /// <summary>A joinable pseudonym of a normalised identifier: 16 bytes; the same input gives the same token in this installation only.</summary>
    /// <param name="kind">What the identifier is (<c>identity</c>, <c>phone</c>, <c>name</c>, <c>email</c>, <c>account</c>, <c>content</c>): tokens of different kinds never match.</param>
    public byte[] Token(string kind, ReadOnlySpan<byte> normalised)
    {
        ThreadLocal<IncrementalHash> perThread = _tokens.TryGetValue(kind, out ThreadLocal<IncrementalHash>? known) ? known : AddKind(kind);
        IncrementalHash hash = perThread.Value!;
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hash.AppendData(normalised);
        hash.GetHashAndReset(whole);
        return whole[..TokenBytes].ToArray();
    }

    /// <summary>Seals <paramref name="plain"/>: 12 bytes nonce, ciphertext, 16 bytes tag. <paramref name="place"/> (table and row key) is bound to it, so that a sealed value moved to another row is refused.</summary>
    public byte[] Seal(ReadOnlySpan<byte> plain, string place)
    {
        DerivedKeys keys = _keys[CurrentKeyId];
        byte[] result = GC.AllocateUninitializedArray<byte>(NonceBytes + plain.Length + TagBytes);
        Span<byte> nonce = result.AsSpan(0, NonceBytes);
        keys.Nonces.Value!.Next(nonce);
        Span<byte> bound = stackalloc byte[SmallBytes];
        bound = Bytes(place, bound);
        keys.Cipher.Value!.Encrypt(nonce, plain, result.AsSpan(NonceBytes, plain.Length), result.AsSpan(NonceBytes + plain.Length), bound);
        return result;
    }

    /// <exception cref="AuthenticationTagMismatchException">The value was altered or moved, or sealed with another key.</exception>
    /// <exception cref="PipelineFault">There is no key of that number.</exception>
    public byte[] Open(ReadOnlySpan<byte> sealedValue, int keyId, string place)
    {
        if (sealedValue.Length < NonceBytes + TagBytes)
        {
            throw new AuthenticationTagMismatchException($"a sealed value has at least {NonceBytes + TagBytes} bytes, this one has {sealedValue.Length}");
        }
        byte[] plain = GC.AllocateUninitializedArray<byte>(sealedValue.Length - NonceBytes - TagBytes);
        Span<byte> bound = stackalloc byte[SmallBytes];
        bound = Bytes(place, bound);
        Of(keyId).Cipher.Value!.Decrypt(
            sealedValue[..NonceBytes], sealedValue[NonceBytes..^TagBytes], sealedValue[^TagBytes..], plain, bound);
        return plain;
    }

    /// <summary>32 bytes that tell one key from another and nothing about it.</summary>
    public byte[] Fingerprint(int keyId) => [.. Of(keyId).Fingerprint];

    private static Span<byte> Bytes(string place, Span<byte> small) =>
        Encoding.UTF8.TryGetBytes(place, small, out int written) ? small[..written] : Encoding.UTF8.GetBytes(place);

    private DerivedKeys Of(int keyId) => _keys.TryGetValue(keyId, out DerivedKeys? keys)
        ? keys
        : throw PipelineFault.Environment(
            $"缺少第 {keyId} 号密钥：请从备份恢复 master-{keyId}.key。",
            $"Key {keyId} is missing: restore master-{keyId}.key from your backup.");

    private ThreadLocal<IncrementalHash> AddKind(string kind)
    {
        byte[] key = Derive(_tokenMaster, $"pipeline token {kind} v1");
        return _tokens.GetOrAdd(kind, new ThreadLocal<IncrementalHash>(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key)));
    }

    private static byte[] Derive(byte[] master, string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, master, MasterBytes, info: Encoding.UTF8.GetBytes(purpose));

    /// <summary>What one master key is used for besides tokens. Ciphers are per thread: an AesGcm is not safe for two.</summary>
    private sealed class DerivedKeys
    {
        public DerivedKeys(byte[] master)
        {
            byte[] seal = Derive(master, "pipeline seal v1");
            Cipher = new ThreadLocal<AesGcm>(() => new AesGcm(seal, TagBytes));
            Fingerprint = HMACSHA256.HashData(Derive(master, "pipeline fingerprint v1"), "pipeline key check"u8);
        }

        public ThreadLocal<AesGcm> Cipher { get; }

        public ThreadLocal<NonceSource> Nonces { get; } = new(() => new NonceSource());

        public byte[] Fingerprint { get; }
    }

    /// <summary>Random bytes fetched by the page: one call for 341 nonces instead of one each. Each is handed out once.</summary>
    private sealed class NonceSource
    {
        private readonly byte[] _page = new byte[341 * NonceBytes];
        private int _used = 341 * NonceBytes;

        public void Next(Span<byte> nonce)
        {
            if (_used == _page.Length)
            {
                RandomNumberGenerator.Fill(_page);
                _used = 0;
            }
            _page.AsSpan(_used, NonceBytes).CopyTo(nonce);
            _used += NonceBytes;
        }
    }
}
