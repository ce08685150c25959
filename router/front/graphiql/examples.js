globalThis.madangExamples = [
  {
    headers: '{}',
    query: `# 마당(Madang)에 오신 것을 환영합니다! / Welcome to Madang!
mutation SignIn {
  signIn(input: { email: "customer@madang.example", password: "madang-demo-1" }) {
    accessToken
  }
}
`,
  },
];
