/** Files that the app hands a person, in a browser: they go to the person's own downloads, and nothing of them stays with the app. */

export async function dropGiven(_name: string): Promise<void> {}

export async function eraseGiven(): Promise<void> {}
