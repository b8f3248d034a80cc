using FsCheck;
using FsCheck.Fluent;
using Pipeline.Models.Complainants;

namespace Pipeline.Tests.Complainants;

public sealed class IdentifiersTests
{
    [Theory]
    [InlineData("11010519491231002X")]
    [InlineData("99000019770707016X")]
    [InlineData("990000197707070047")]
    [InlineData("990000198808081233")]
    public void An_identity_number_with_its_check_character_is_valid(string number)
    {
        IdentityNumberReading reading = Identifiers.IdentityNumber(number);
        Assert.Equal((IdentityStates.Valid, number), (reading.State, reading.Normalised));
        Assert.Equal(int.Parse(number.AsSpan(6, 4)), reading.BirthYear);
    }

    [Theory]
    [InlineData("９９００００１９７７０７０７００４７")]
    [InlineData("990000197707070047\t")]
    [InlineData("'990000197707070047")]
    [InlineData(" 990000 19770707 0047 ")]
    [InlineData("\uFEFF990000-19770707-0047")]
    public void An_identity_number_as_spreadsheets_leave_it_is_the_same_number(string raw) =>
        Assert.Equal("990000197707070047", Identifiers.IdentityNumber(raw).Normalised);

    [Fact]
    public void A_small_x_is_the_check_character_X() =>
        Assert.Equal("99000019770707016X", Identifiers.IdentityNumber("99000019770707016x").Normalised);

    [Theory]
    [InlineData("990000197707070048")]
    [InlineData("99000020990230123X")]
    [InlineData("9.90E+17")]
    [InlineData("9.90000197707070E+17")]
    [InlineData("99000019770707")]
    [InlineData("990000190001010000")]
    [InlineData("ABCDEFGHIJKLMNOPQR")]
    public void A_damaged_identity_number_is_invalid_and_joins_nothing(string raw)
    {
        IdentityNumberReading reading = Identifiers.IdentityNumber(raw);
        Assert.Equal((IdentityStates.Invalid, (string?)null), (reading.State, reading.Normalised));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t")]
    [InlineData("无")]
    [InlineData("N/A")]
    [InlineData("-")]
    public void A_placeholder_is_an_absent_identity_number(string? raw) =>
        Assert.Equal(IdentityStates.Absent, Identifiers.IdentityNumber(raw).State);

    [Theory]
    [InlineData("990000********2600", null, "female")]
    [InlineData("99000019770707**7*", 1977, "male")]
    [InlineData("９９００００＊＊＊＊＊＊＊＊２６００", null, "female")]
    [InlineData("9****************3", null, null)]
    public void A_masked_identity_number_tells_only_what_it_shows(string raw, int? birthYear, string? gender)
    {
        IdentityNumberReading reading = Identifiers.IdentityNumber(raw);
        Assert.Equal(new IdentityNumberReading(IdentityStates.Masked, null, birthYear, gender), reading);
    }

    [Fact]
    public void An_old_number_of_15_digits_is_the_same_person_as_its_long_form()
    {
        IdentityNumberReading reading = Identifiers.IdentityNumber("990000770707004");
        Assert.Equal(Identifiers.IdentityNumber("990000197707070047"), reading);
    }

    [Fact]
    public void One_changed_digit_or_two_exchanged_neighbours_are_always_found()
    {
        Gen<(string Number, int Place, int Change)> cases =
            from body in ValidBody
            from place in Gen.Choose(0, 16)
            from change in Gen.Choose(1, 9)
            select (body + Identifiers.CheckCharacter(body), place, change);
        Prop.ForAll(cases.ToArbitrary(), sample =>
        {
            char[] changed = sample.Number.ToCharArray();
            changed[sample.Place] = (char)('0' + ((changed[sample.Place] - '0' + sample.Change) % 10));
            char[] exchanged = sample.Number.ToCharArray();
            int next = Math.Min(sample.Place + 1, 16);
            (exchanged[sample.Place], exchanged[next]) = (exchanged[next], exchanged[sample.Place]);
            return Identifiers.IdentityNumber(new string(changed)).State == IdentityStates.Invalid
                && (new string(exchanged) == sample.Number || Identifiers.IdentityNumber(new string(exchanged)).State == IdentityStates.Invalid);
        }).Check(Fixed);
    }

    [Fact]
    public void Gender_and_birth_year_are_those_of_the_digits() =>
        Prop.ForAll(ValidBody.ToArbitrary(), body =>
        {
            IdentityNumberReading reading = Identifiers.IdentityNumber(body + Identifiers.CheckCharacter(body));
            return reading.BirthYear == int.Parse(body.AsSpan(6, 4))
                && reading.Gender == ((body[16] - '0') % 2 == 1 ? Genders.Male : Genders.Female);
        }).Check(Fixed);

    [Theory]
    [InlineData("13800001234", "13800001234")]
    [InlineData("１３８００００１２３４\t", "13800001234")]
    [InlineData("+86 138-0000-1234", "13800001234")]
    [InlineData("0086 13800001234", "13800001234")]
    [InlineData("8613800001234", "13800001234")]
    [InlineData("'13800001234", "13800001234")]
    [InlineData("13800001234.0", "13800001234")]
    [InlineData("013800001234", "13800001234")]
    [InlineData("13800001234/13900005678", "13800001234")]
    [InlineData("someone@example.com 13800001234", null)]
    [InlineData("010-62345678", "01062345678")]
    [InlineData("(0571) 8234567", "05718234567")]
    [InlineData("（０２５）８２３４５６７８转8001", "02582345678")]
    [InlineData("021-62345678-801", "02162345678")]
    [InlineData("+86 10 62345678", "01062345678")]
    [InlineData("+852 9123 4567", "85291234567")]
    [InlineData("62345678", null)]
    [InlineData("95588", null)]
    [InlineData("4008001234", null)]
    [InlineData("138****1234", null)]
    [InlineData("1.38E+10", null)]
    [InlineData("138000012345", null)]
    [InlineData("someone@example.com", null)]
    [InlineData("无", null)]
    [InlineData(null, null)]
    public void A_telephone_number_has_one_form(string? raw, string? normal) => Assert.Equal(normal, Identifiers.Phone(raw));

    [Fact]
    public void All_numbers_of_a_cell_are_found_in_their_order() =>
        Assert.Equal(["13800001234", "02582345678"], Identifiers.Phones("13800001234；025-82345678、13800001234"));

    [Theory]
    [InlineData(" Someone＠Example.COM ", "someone@example.com")]
    [InlineData("a.b+c@mail.example.com", "a.b+c@mail.example.com")]
    [InlineData("13800001234", null)]
    [InlineData("someone@example", null)]
    [InlineData("@example.com", null)]
    [InlineData("a@b@example.com", null)]
    public void An_email_address_has_one_form(string raw, string? normal) => Assert.Equal(normal, Identifiers.Email(raw));

    [Theory]
    [InlineData("张 三", "张三")]
    [InlineData("张　三\t", "张三")]
    [InlineData("ｊｏｈｎ smith", "JOHNSMITH")]
    [InlineData("阿依古丽•买买提", "阿依古丽·买买提")]
    [InlineData("O'Brien", "O'BRIEN")]
    [InlineData("张*", null)]
    [InlineData("匿名", null)]
    [InlineData("12345", null)]
    [InlineData("", null)]
    public void A_name_has_one_form(string raw, string? normal) => Assert.Equal(normal, Identifiers.Name(raw));

    [Theory]
    [InlineData("6200 0000 0000 0005", "6200000000000005")]
    [InlineData("'６２０００００００００００００５", "6200000000000005")]
    [InlineData("6.2E+15", null)]
    [InlineData("6200********0005", null)]
    [InlineData("0000000000", null)]
    [InlineData("12345678", null)]
    public void An_account_number_has_one_form(string raw, string? normal) => Assert.Equal(normal, Identifiers.Account(raw));

    [Fact]
    public void Normal_forms_are_stable_for_any_text() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), raw =>
            Same(Identifiers.Phone(raw), Identifiers.Phone)
            && Same(Identifiers.Name(raw), Identifiers.Name)
            && Same(Identifiers.Email(raw), Identifiers.Email)
            && Same(Identifiers.Account(raw), Identifiers.Account)).Check(Fixed);

    internal static Config Fixed { get; } = Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(20261121, 7);

    private static Gen<string> ValidBody { get; } =
        from year in Gen.Choose(1900, 2025)
        from month in Gen.Choose(1, 12)
        from day in Gen.Choose(1, 28)
        from sequence in Gen.Choose(1, 999)
        select $"990000{year:0000}{month:00}{day:00}{sequence:000}";

    private static bool Same(string? normal, Func<string?, string?> again) => normal is null || again(normal) == normal;
}
