using System.Security.Cryptography;
using System.Text;
using Pipeline.Jobs.Privacy;
using Pipeline.Jobs.Shell;

namespace Pipeline.Tests.Privacy;

public sealed class KeyRingTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("pipeline-keys-").FullName;

    private string KeyFile => Path.Combine(KeyRing.Folder(_home), "master-1.key");

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(600)]
    [InlineData(100_000)]
    public void What_was_sealed_opens_again_and_is_twentyeight_bytes_longer(int length)
    {
        KeyRing keys = KeyRing.Open(_home);
        byte[] plain = new byte[length];
        new Random(1).NextBytes(plain);
        byte[] sealedValue = keys.Seal(plain, "complaint|cn-bank|1");
        Assert.Equal(length + 28, sealedValue.Length);
        Assert.Equal(plain, KeyRing.Open(_home).Open(sealedValue, keys.CurrentKeyId, "complaint|cn-bank|1"));
    }

    [Fact]
    public void A_sealed_value_that_was_altered_anywhere_is_refused()
    {
        KeyRing keys = KeyRing.Open(_home);
        byte[] sealedValue = keys.Seal("张三"u8, "here");
        for (int at = 0; at < sealedValue.Length; at++)
        {
            byte[] altered = [.. sealedValue];
            altered[at] ^= 1;
            Assert.Throws<AuthenticationTagMismatchException>(() => keys.Open(altered, 1, "here"));
        }
        Assert.Throws<AuthenticationTagMismatchException>(() => keys.Open(sealedValue.AsSpan(0, 20), 1, "here"));
    }

    [Fact]
    public void A_sealed_value_that_was_moved_to_another_row_is_refused()
    {
        KeyRing keys = KeyRing.Open(_home);
        byte[] sealedValue = keys.Seal("张三"u8, "complaint|cn-bank|1");
        Assert.Throws<AuthenticationTagMismatchException>(() => keys.Open(sealedValue, 1, "complaint|cn-bank|2"));
    }

    [Fact]
    public void A_place_longer_than_any_table_key_is_bound_whole()
    {
        KeyRing keys = KeyRing.Open(_home);
        string place = new('长', 2000);
        byte[] sealedValue = keys.Seal("x"u8, place + "a");
        Assert.Equal("x"u8.ToArray(), keys.Open(sealedValue, 1, place + "a"));
        Assert.Throws<AuthenticationTagMismatchException>(() => keys.Open(sealedValue, 1, place + "b"));
    }

    [Fact]
    public void The_same_value_sealed_twice_looks_different()
    {
        KeyRing keys = KeyRing.Open(_home);
        HashSet<string> seen = [.. Enumerable.Range(0, 2000).Select(_ => Convert.ToHexString(keys.Seal("x"u8, "p").AsSpan(0, 12)))];
        Assert.Equal(2000, seen.Count);
    }

    [Fact]
    public void A_token_is_the_same_for_the_same_value_and_kind_and_home_only()
    {
        KeyRing keys = KeyRing.Open(_home);
        byte[] token = keys.Token("phone", "13800000000"u8);
        Assert.Equal(16, token.Length);
        Assert.Equal(token, KeyRing.Open(_home).Token("phone", "13800000000"u8));
        Assert.NotEqual(token, keys.Token("account", "13800000000"u8));
        Assert.NotEqual(token, keys.Token("phone", "13800000001"u8));
        Assert.NotEqual(token, KeyRing.Open(Path.Combine(_home, "other")).Token("phone", "13800000000"u8));
    }

    [Fact]
    public void Many_threads_get_what_one_gets()
    {
        KeyRing keys = KeyRing.Open(_home);
        byte[][] alone = [.. Enumerable.Range(0, 1000).Select(n => keys.Token("identity", Encoding.UTF8.GetBytes($"{n}")))];
        Parallel.For(0, 20_000, n =>
        {
            byte[] value = Encoding.UTF8.GetBytes($"{n % 1000}");
            Assert.Equal(alone[n % 1000], keys.Token("identity", value));
            Assert.Equal(value, keys.Open(keys.Seal(value, "p"), 1, "p"));
        });
    }

    [Fact]
    public void A_new_key_seals_from_then_on_while_old_values_open_and_tokens_stay()
    {
        KeyRing old = KeyRing.Open(_home);
        byte[] sealedValue = old.Seal("x"u8, "p");
        string second = Path.Combine(KeyRing.Folder(_home), "master-2.key");
        File.WriteAllBytes(second, RandomNumberGenerator.GetBytes(32));
        Restrict(second, others: false);
        KeyRing both = KeyRing.Open(_home);
        Assert.Equal(2, both.CurrentKeyId);
        Assert.Equal("x"u8.ToArray(), both.Open(sealedValue, 1, "p"));
        Assert.Equal("y"u8.ToArray(), both.Open(both.Seal("y"u8, "p"), 2, "p"));
        Assert.Equal(old.Token("phone", "1"u8), both.Token("phone", "1"u8));
        Assert.Throws<PipelineFault>(() => both.Open(sealedValue, 3, "p"));
    }

    [Fact]
    public void Key_and_folder_are_their_owners_alone_and_anything_else_is_refused()
    {
        KeyRing.Open(_home);
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(KeyRing.Folder(_home)));
        Restrict(KeyFile, others: true);
        PipelineFault fault = Assert.Throws<PipelineFault>(() => KeyRing.Open(_home));
        Assert.Equal(ExitCodes.EnvironmentFailed, fault.ExitCode);
        Assert.Contains("chmod 600", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_key_file_is_refused_and_not_replaced()
    {
        KeyRing.Open(_home);
        File.WriteAllBytes(KeyFile, [1, 2, 3]);
        Assert.Throws<PipelineFault>(() => KeyRing.Open(_home));
        Assert.Equal(3, new FileInfo(KeyFile).Length);
    }

    [Fact]
    public void Openers_at_once_make_one_key()
    {
        for (int round = 0; round < 40; round++)
        {
            string home = Path.Combine(_home, $"{round}");
            string[] fingerprints = new string[8];
            using Barrier start = new(fingerprints.Length);
            // Threads of their own: a pool that is busy would let them in one after the other.
            Thread[] openers = [.. Enumerable.Range(0, fingerprints.Length).Select(n => new Thread(() =>
            {
                start.SignalAndWait();
                fingerprints[n] = Convert.ToHexString(KeyRing.Open(home).Fingerprint(1));
            }))];
            Array.ForEach(openers, opener => opener.Start());
            Array.ForEach(openers, opener => opener.Join());
            Assert.Single(fingerprints.Distinct());
            Assert.Equal([Path.Combine(KeyRing.Folder(home), "master-1.key")], Directory.GetFiles(KeyRing.Folder(home)));
        }
    }

    [Fact]
    public void A_key_that_a_killed_creator_left_half_written_is_never_taken_for_one()
    {
        Directory.CreateDirectory(KeyRing.Folder(_home));
        File.WriteAllBytes(KeyFile + ".new", [1, 2, 3]);
        Assert.False(KeyRing.Exists(_home));
        KeyRing.Open(_home);
        Assert.Equal([KeyFile], Directory.GetFiles(KeyRing.Folder(_home)));
        Assert.Equal(32, new FileInfo(KeyFile).Length);
    }

    private static void Restrict(string path, bool others)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | (others ? UnixFileMode.GroupRead : UnixFileMode.None));
        }
    }
}
