/** What the simulated learners complete: one course of each field of study, in the order of `courseWeights`. */

const course = (handle: string, domain: string, name: string, description: string, hours: number, narrative: string, skills: readonly (readonly [string, string, string])[]) => ({
  handle,
  domain,
  document: {
    id: `https://demonstration.example/achievements/${handle}`,
    type: ['Achievement'],
    name,
    description,
    achievementType: 'Course',
    fieldOfStudy: domain,
    inLanguage: 'en',
    creditsAvailable: hours / 30, // about 30 hours of work a credit point (ECTS Users' Guide 2015, section 2)
    criteria: { narrative },
    resultDescription: [{ id: `https://demonstration.example/achievements/${handle}#workload`, type: ['ResultDescription'], name: 'Workload in hours', resultType: 'ext:WorkloadHours', requiredValue: String(hours) }],
    tag: skills.map(([skill]) => skill.toLowerCase()),
    alignment: skills.map(([targetName, targetCode, targetUrl]) => ({ type: ['Alignment'], targetName, targetCode, targetUrl, targetFramework: 'O*NET-SOC', targetType: 'ext:ONET.Occupation' })),
  },
})

const onet = (code: string) => `https://www.onetonline.org/link/summary/${code}`

export const courses = [
  course('project-management', 'Business', 'Project management foundations', 'Planning a project, leading a team through it, and telling how it stands.', 60, 'Pass four graded assignments and a project plan judged by two assessors.', [
    ['Project Management Specialists', '13-1082.00', onet('13-1082.00')],
  ]),
  course('programming', 'Computer Science', 'Programming for everybody', 'Reading and writing small programs, testing them, and finding mistakes in them.', 80, 'Solve twelve programming exercises and pass a supervised exam.', [['Computer Programmers', '15-1251.00', onet('15-1251.00')]]),
  course('data-analysis', 'Data Science', 'Data analysis with spreadsheets and SQL', 'Collecting, cleaning and describing data, and saying what they do not show.', 90, 'Pass six graded assignments, a capstone project on public data, and a supervised exam.', [
    ['Data Scientists', '15-2051.00', onet('15-2051.00')],
    ['Statisticians', '15-2041.00', onet('15-2041.00')],
  ]),
  course('it-support', 'Information Technology', 'IT support', 'Setting up computers and networks, and helping the people who use them.', 70, 'Pass five practical assignments and a supervised exam.', [['Computer User Support Specialists', '15-1232.00', onet('15-1232.00')]]),
] as const
