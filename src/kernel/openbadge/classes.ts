/**
 * The classes of Open Badges 3.0 and the part of VC Data Model that it restates, as data.
 *
 * Written from the tables of the specification, "Data Models" (appendix B): one line per property, with its kind and how often it may occur
 * (`1`, `0..1`, `1..*`, `0..*`). Classes marked open may carry further properties; the others may not.
 */

export type Cardinality = '1' | '0..1' | '1..*' | '0..*'

export interface Property {
  readonly name: string
  /** A primitive of `primitives`, a vocabulary of `vocabularies`, or a class. */
  readonly kind: string
  readonly occurs: Cardinality
  /** A single value may stand for the list ("array-compacted" in the specification). */
  readonly compact: boolean
}

export interface BadgeClass {
  readonly name: string
  /** One of these must be in `type`; empty where the class has no type. */
  readonly types: readonly string[]
  /** `list`: a set of types; `one`: a single type; `none`: no type. */
  readonly typed: 'list' | 'one' | 'none'
  readonly open: boolean
  readonly properties: ReadonlyMap<string, Property>
}

function described(name: string, typed: BadgeClass['typed'], types: readonly string[], open: boolean, lines: string): BadgeClass {
  const properties = lines
    .trim()
    .split('\n')
    .map((line): readonly [string, Property] => {
      const [property, kind, occurs, compact] = line.trim().split(/\s+/) as [string, string, Cardinality, string | undefined]
      return [property, { name: property, kind, occurs, compact: compact === 'compact' }]
    })
  return { name, typed, types, open, properties: new Map(properties) }
}

// B.1, VerifiableCredential as far as both credentials share it. validFrom and validUntil belong to data model 2.0, the older pair to 1.1.
const credential20 = `
  @context          Context           1..*
  id                URI               1
  name              String            0..1
  description       String            0..1
  image             Image             0..1
  issuer            ProfileRef        1
  validFrom         DateTimeZ         1
  validUntil        DateTimeZ         0..1
  awardedDate       DateTimeZ         0..1
  credentialSchema  CredentialSchema  0..*  compact
  credentialStatus  CredentialStatus  0..1  compact
  refreshService    RefreshService    0..1  compact
  termsOfUse        TermsOfUse        0..*  compact
  proof             Proof             0..*`

const credential11 = credential20
  .replace('validFrom    ', 'issuanceDate ')
  .replace('validUntil    ', 'expirationDate')
  .replace('proof             Proof             0..*', 'proof             Proof             0..*  compact')

const achievementCredential = `
  credentialSubject AchievementSubject      1
  endorsement       EndorsementCredential   0..*
  endorsementJwt    CompactJws              0..*
  evidence          Evidence                0..*`

const endorsementCredential = `
  credentialSubject EndorsementSubject      1`

const badgeTypes = ['AchievementCredential', 'OpenBadgeCredential']

const list: readonly BadgeClass[] = [
  described('AchievementCredential', 'list', badgeTypes, true, credential20 + achievementCredential),
  described('AchievementCredential1', 'list', badgeTypes, true, credential11 + achievementCredential),
  described('EndorsementCredential', 'list', ['EndorsementCredential'], true, credential20 + endorsementCredential),
  described('EndorsementCredential1', 'list', ['EndorsementCredential'], true, credential11 + endorsementCredential),
  described('AchievementSubject', 'list', ['AchievementSubject'], true, `
    id                URI             0..1
    activityEndDate   DateTime        0..1
    activityStartDate DateTime        0..1
    creditsEarned     Float           0..1
    achievement       Achievement     1
    identifier        IdentityObject  0..*
    image             Image           0..1
    licenseNumber     String          0..1
    narrative         Markdown        0..1
    result            Result          0..*
    role              String          0..1
    source            Profile         0..1
    term              String          0..1`),
  described('Achievement', 'list', ['Achievement'], true, `
    id                URI                   1
    alignment         Alignment             0..*
    achievementType   AchievementType       0..1
    creator           ProfileRef            0..1
    creditsAvailable  Float                 0..1
    criteria          Criteria              1
    description       String                1
    endorsement       EndorsementCredential 0..*
    endorsementJwt    CompactJws            0..*
    fieldOfStudy      String                0..1
    humanCode         String                0..1
    image             Image                 0..1
    inLanguage        LanguageCode          0..1
    name              String                1
    otherIdentifier   IdentifierEntry       0..*
    related           Related               0..*
    resultDescription ResultDescription     0..*
    specialization    String                0..1
    tag               String                0..*
    version           String                0..1`),
  described('Address', 'list', ['Address'], true, `
    addressCountry      String          0..1
    addressCountryCode  CountryCode     0..1
    addressRegion       String          0..1
    addressLocality     String          0..1
    streetAddress       String          0..1
    postOfficeBoxNumber String          0..1
    postalCode          String          0..1
    geo                 GeoCoordinates  0..1`),
  described('Alignment', 'list', ['Alignment'], true, `
    targetCode        String              0..1
    targetDescription String              0..1
    targetName        String              1
    targetFramework   String              0..1
    targetType        AlignmentTargetType 0..1
    targetUrl         URI                 1`),
  described('Criteria', 'none', [], true, `
    id        URI       0..1
    narrative Markdown  0..1`),
  described('EndorsementSubject', 'list', ['EndorsementSubject'], true, `
    id                  URI       1
    endorsementComment  Markdown  0..1`),
  described('Evidence', 'list', ['Evidence'], true, `
    id          URI       0..1
    narrative   Markdown  0..1
    name        String    0..1
    description String    0..1
    genre       String    0..1
    audience    String    0..1`),
  described('GeoCoordinates', 'one', ['GeoCoordinates'], false, `
    latitude  Float 1
    longitude Float 1`),
  described('IdentifierEntry', 'one', ['IdentifierEntry'], false, `
    identifier      String          1
    identifierType  IdentifierType  1`),
  described('IdentityObject', 'one', ['IdentityObject'], false, `
    hashed        Boolean         1
    identityHash  String          1
    identityType  IdentifierType  1
    salt          String          0..1`),
  described('Image', 'one', ['Image'], false, `
    id      URI     1
    caption String  0..1`),
  described('Profile', 'list', ['Profile'], true, `
    id                URI                   1
    name              String                0..1
    url               URI                   0..1
    phone             PhoneNumber           0..1
    description       String                0..1
    endorsement       EndorsementCredential 0..*
    endorsementJwt    CompactJws            0..*
    image             Image                 0..1
    email             EmailAddress          0..1
    address           Address               0..1
    otherIdentifier   IdentifierEntry       0..*
    official          String                0..1
    parentOrg         Profile               0..1
    familyName        String                0..1
    givenName         String                0..1
    additionalName    String                0..1
    patronymicName    String                0..1
    honorificPrefix   String                0..1
    honorificSuffix   String                0..1
    familyNamePrefix  String                0..1
    dateOfBirth       Date                  0..1`),
  described('Related', 'list', ['Related'], true, `
    id          URI           1
    inLanguage  LanguageCode  0..1
    version     String        0..1`),
  described('Result', 'list', ['Result'], true, `
    achievedLevel     URI           0..1
    alignment         Alignment     0..*
    resultDescription URI           0..1
    status            ResultStatus  0..1
    value             String        0..1`),
  described('ResultDescription', 'list', ['ResultDescription'], true, `
    id                    URI                   1
    alignment             Alignment             0..*
    allowedValue          String                0..*
    name                  String                1
    requiredLevel         URI                   0..1
    requiredValue         String                0..1
    resultType            ResultType            1
    rubricCriterionLevel  RubricCriterionLevel  0..*
    valueMax              String                0..1
    valueMin              String                0..1`),
  described('RubricCriterionLevel', 'list', ['RubricCriterionLevel'], true, `
    id          URI       1
    alignment   Alignment 0..*
    description String    0..1
    level       String    0..1
    name        String    1
    points      String    0..1`),
  described('CredentialSchema', 'one', [], true, `
    id  URI 1`),
  described('CredentialStatus', 'one', [], true, `
    id  URI 0..1`),
  described('RefreshService', 'one', [], true, `
    id  URI 1`),
  described('TermsOfUse', 'one', [], true, `
    id  URI 0..1`),
  described('Proof', 'one', [], true, `
    created             DateTime  0..1
    cryptosuite         String    0..1
    challenge           String    0..1
    domain              String    0..1  compact
    nonce               String    0..1
    proofPurpose        String    0..1
    proofValue          String    0..1
    verificationMethod  String    0..1`),
]

export const classes: ReadonlyMap<string, BadgeClass> = new Map(list.map((one) => [one.name, one]))

/** Classes of the specification's list are extended by subclasses with further properties; these closed vocabularies by terms that begin with `ext:`. */
export const vocabularies: Readonly<Record<string, { readonly terms: ReadonlySet<string>; readonly extensible: boolean }>> = {
  AchievementType: vocabulary(true, `Achievement ApprenticeshipCertificate Assessment Assignment AssociateDegree Award Badge BachelorDegree Certificate
    CertificateOfCompletion Certification CommunityService Competency Course CoCurricular Degree Diploma DoctoralDegree Fieldwork
    GeneralEducationDevelopment JourneymanCertificate LearningProgram License Membership ProfessionalDoctorate QualityAssuranceCredential
    MasterCertificate MasterDegree MicroCredential ResearchDoctorate SecondarySchoolDiploma`),
  AlignmentTargetType: vocabulary(true, 'ceasn:Competency ceterms:Credential CFItem CFRubric CFRubricCriterion CFRubricCriterionLevel CTDL'),
  IdentifierType: vocabulary(true, `name sourcedId systemId productId userName accountId emailAddress nationalIdentityNumber isbn issn lisSourcedId
    oneRosterSourcedId sisSourcedId ltiContextId ltiDeploymentId ltiToolId ltiPlatformId ltiUserId identifier`),
  ResultType: vocabulary(true, `GradePointAverage LetterGrade Percent PerformanceLevel PredictedScore RawScore Result RubricCriterion
    RubricCriterionLevel RubricScore ScaledScore Status`),
  ResultStatus: vocabulary(false, 'Completed Enrolled Failed InProgress OnHold Withdrew'),
}

function vocabulary(extensible: boolean, terms: string): { readonly terms: ReadonlySet<string>; readonly extensible: boolean } {
  return { terms: new Set(terms.trim().split(/\s+/)), extensible }
}
